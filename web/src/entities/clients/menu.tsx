import { Ellipsis } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";

import { Button } from "@/shared/ui/button";
import { Confirm } from "@/shared/ui/overlay/confirm";
import { say } from "@/shared/ui/overlay/toast";

import { useHolder, type Detail } from "./card";
import { release, useClientWrite } from "./writes";

interface Props {
  clientId: string;
  detail: Detail;
}

/** Rarely used actions: releasing a client held by the current manager. */
export function ClientMenu({ clientId, detail }: Props) {
  const holder = useHolder(detail);
  const [asking, setAsking] = useState(false);
  if (holder.kind !== "me" || detail.status === "processed") return null;
  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <Button look="quiet" size="icon" aria-label="Другие действия">
            <Ellipsis aria-hidden />
          </Button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content
            align="end"
            className="z-40 rounded-xl border border-line bg-surface p-1 shadow-lg"
          >
            <DropdownMenu.Item
              onSelect={() => setAsking(true)}
              className="flex min-h-11 cursor-pointer items-center rounded-lg px-3 outline-none data-highlighted:bg-sunken"
            >
              Вернуть в «Новые»
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      <Release clientId={clientId} open={asking} onClose={() => setAsking(false)} />
    </>
  );
}

function Release({ clientId, open, onClose }: { clientId: string; open: boolean; onClose: () => void }) {
  const giving = useClientWrite(clientId, (_: undefined, key) => release(clientId, key), {
    success: () => {
      say("Клиент снова в «Новых»");
      onClose();
    },
  });
  return (
    <Confirm
      open={open}
      title="Вернуть клиента в «Новые»?"
      action="Вернуть"
      busy={giving.isPending}
      error={giving.error}
      onConfirm={() => giving.send(undefined)}
      onClose={() => {
        if (!giving.isPending) giving.reset();
        onClose();
      }}
    >
      <p>Всё заполненное останется в карточке. Продолжить сможет любой менеджер, и вы тоже.</p>
    </Confirm>
  );
}
