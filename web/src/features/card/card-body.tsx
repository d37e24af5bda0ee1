import { heldBy, useHolder, type Detail } from "@/entities/clients/card";
import { HeldByOther } from "@/entities/clients/held-by-other";
import { Invoices } from "@/entities/clients/invoices";
import { ClientMenu } from "@/entities/clients/menu";
import { SignerNotices } from "@/entities/clients/signer";
import { StatusBadge } from "@/entities/clients/status";
import { useMe } from "@/shared/api/me";
import { Part } from "@/shared/ui/layout/panel";

import { ContactPart } from "./parts/contact-part";
import { DevicesPart } from "./parts/devices-part";
import { DocumentsPart } from "./parts/documents-part";
import type { PartProps } from "./parts/part-props";
import { PassportPart } from "./parts/passport-part";
import { TariffPart } from "./parts/tariff-part";
import { Timeline } from "./timeline/timeline";

/** All parts of a card: one column on a phone, two on a laptop. */
export function CardBody({ clientId, detail }: { clientId: string; detail: Detail }) {
  const holder = useHolder(detail);
  const superAdmin = useMe().is_super_admin;
  const mayWrite = holder.kind !== "other";
  const props: PartProps = {
    clientId,
    detail,
    mayWrite,
    mayFill: mayWrite && detail.status !== "new",
    seesAll: mayWrite || superAdmin,
  };
  return (
    <>
      <div className="-mt-3 flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1">
        <StatusBadge status={detail.status} />
        <p className="text-ink-soft">{heldBy(holder)}</p>
        <div className="ml-auto">
          <ClientMenu clientId={clientId} detail={detail} />
        </div>
      </div>
      <HeldByOther clientId={clientId} holder={holder} />
      <SignerNotices detail={detail} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="grid grid-cols-1 gap-4">
          <ContactPart {...props} />
          <PassportPart {...props} />
          <DevicesPart {...props} />
          <DocumentsPart {...props} />
        </div>
        <div className="grid grid-cols-1 gap-4">
          <TariffPart {...props} />
          <Part title="Счета">
            <Invoices invoices={detail.invoices} />
          </Part>
          <Timeline clientId={clientId} devices={detail.devices} />
        </div>
      </div>
    </>
  );
}
