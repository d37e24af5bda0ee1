import { useState } from "react";

import { useMe } from "@/shared/api/me";
import { Button } from "@/shared/ui/button";
import { Notice } from "@/shared/ui/feedback/notice";

import type { Holder } from "./card";
import { TakeOver } from "./take-over";

/** Warning that another manager holds the client, with a button to take over. */
export function HeldByOther({ clientId, holder }: { clientId: string; holder: Holder }) {
  const superAdmin = useMe().is_super_admin;
  const [asking, setAsking] = useState(false);
  if (holder.kind !== "other") return null;
  return (
    <>
      <Notice kind="warn" title={`Клиента ведёт ${holder.name}`}>
        <p>
          {superAdmin
            ? "Карточку можно смотреть, но не менять."
            : "Карточку можно смотреть, но не менять; паспорт, фото и договор видит только тот, кто ведёт клиента."}{" "}
          Чтобы продолжить самому, возьмите клиента себе.
        </p>
        <Button look="secondary" className="mt-2" onClick={() => setAsking(true)}>
          Взять себе
        </Button>
      </Notice>
      <TakeOver clientId={clientId} open={asking} onClose={() => setAsking(false)} />
    </>
  );
}
