import type { ReactNode } from "react";

import { useHolder, type Detail } from "@/entities/clients/card";
import { Loading } from "@/shared/ui/feedback/loading";
import { Page } from "@/shared/ui/layout/page";

import { BackToList } from "./back-to-list";
import { CardBody } from "./card-body";
import { MainAction } from "./main-action";

interface Props {
  clientId: string;
  /** Undefined while loading. */
  detail: Detail | undefined;
  adjacent: ReactNode;
}

/** Page of a card. The main action is at the top on a laptop and at the bottom on a phone. */
export function ClientCard({ clientId, detail, adjacent }: Props) {
  return (
    <>
      <Page
        wide
        title={detail === undefined ? "Карточка клиента" : nameOf(detail)}
        back={<BackToList />}
        actions={
          <>
            {adjacent}
            {detail !== undefined && (
              <Next clientId={clientId} detail={detail} className="hidden lg:inline-flex" />
            )}
          </>
        }
      >
        {detail === undefined ? (
          <Loading rows={5} />
        ) : (
          <CardBody key={clientId} clientId={clientId} detail={detail} />
        )}
        <div aria-hidden className="h-16 lg:hidden" />
      </Page>
      {detail !== undefined && <Bar clientId={clientId} detail={detail} />}
    </>
  );
}

function Bar({ clientId, detail }: { clientId: string; detail: Detail }) {
  if (useHolder(detail).kind === "other") return null;
  return (
    <div
      role="region"
      aria-label="Следующий шаг"
      className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-surface/95 safe-bottom backdrop-blur lg:hidden"
    >
      <div className="grid py-2 safe-x">
        <MainAction clientId={clientId} detail={detail} />
      </div>
    </div>
  );
}

function Next({ detail, ...rest }: { clientId: string; detail: Detail; className: string }) {
  return useHolder(detail).kind === "other" ? null : <MainAction detail={detail} {...rest} />;
}

function nameOf({ user, passport }: Detail): string {
  const parts = [passport?.last_name, passport?.first_name, passport?.middle_name];
  const full = parts.filter((part) => typeof part === "string").join(" ");
  return full === "" ? (user.name ?? "Без имени") : full;
}
