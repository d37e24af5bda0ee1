import { useMe } from "@/shared/api/me";
import { useHolder, type Detail, type Holder } from "@/shared/clients/card";
import { HeldByOther } from "@/shared/clients/held-by-other";
import { Invoices } from "@/shared/clients/invoices";
import { ClientMenu } from "@/shared/clients/menu";
import type { Neighbours } from "@/shared/clients/neighbours";
import { StatusBadge } from "@/shared/clients/status";
import { Part } from "@/shared/ui/card";
import { Page } from "@/shared/ui/page";

import type { About } from "./about";
import { BackToList } from "./back-to-list";
import { ContactPart } from "./contact-part";
import { DevicesPart } from "./devices-part";
import { DocumentsPart } from "./documents-part";
import { MainAction } from "./main-action";
import { NeighbourLinks } from "./neighbour-links";
import { PassportPart } from "./passport-part";
import { TariffPart } from "./tariff-part";
import { Timeline } from "./timeline";

interface Props {
  clientId: string;
  detail: Detail;
  neighbours: Neighbours;
}

export function ClientCard({ clientId, detail, neighbours }: Props) {
  const holder = useHolder(detail);
  const superAdmin = useMe().is_super_admin;
  const mayWrite = holder.kind !== "other";
  const seesAll = mayWrite || superAdmin;
  const about: About = { clientId, detail, mayWrite, seesAll };
  return (
    <>
      <Page
        wide
        title={nameOf(detail)}
        back={<BackToList />}
        actions={
          <>
            <NeighbourLinks neighbours={neighbours} />
            {mayWrite && <MainAction clientId={clientId} detail={detail} className="hidden lg:inline-flex" />}
          </>
        }
      >
        <div className="-mt-3 flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1">
          <StatusBadge status={detail.status} />
          <p className="text-ink-soft">{heldBy(holder)}</p>
          <div className="ml-auto">
            <ClientMenu clientId={clientId} detail={detail} />
          </div>
        </div>
        <HeldByOther clientId={clientId} holder={holder} />
        <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <div className="grid grid-cols-1 gap-4">
            <ContactPart {...about} />
            <PassportPart {...about} />
            <DevicesPart {...about} />
            <DocumentsPart {...about} />
          </div>
          <div className="grid grid-cols-1 gap-4">
            <TariffPart {...about} />
            <Part title="Счета">
              <Invoices invoices={detail.invoices} />
            </Part>
            <Timeline clientId={clientId} devices={detail.devices} />
          </div>
        </div>
        {mayWrite && <div aria-hidden className="h-16 lg:hidden" />}
      </Page>
      {mayWrite && (
        <div
          role="region"
          aria-label="Следующий шаг"
          className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-surface/95 safe-bottom backdrop-blur lg:hidden"
        >
          <div className="grid py-2 safe-x">
            <MainAction clientId={clientId} detail={detail} />
          </div>
        </div>
      )}
    </>
  );
}

function nameOf({ user, passport }: Detail): string {
  const parts = [passport?.last_name, passport?.first_name, passport?.middle_name];
  const full = parts.filter((part) => typeof part === "string").join(" ");
  return full === "" ? (user.name ?? "Без имени") : full;
}

function heldBy(holder: Holder): string {
  switch (holder.kind) {
    case "me":
      return "Ведёте вы";
    case "nobody":
      return "Клиента никто не ведёт";
    case "other":
      return `Ведёт ${holder.name}`;
  }
}
