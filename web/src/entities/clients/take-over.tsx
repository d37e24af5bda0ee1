import { ConfirmReason } from "@/shared/ui/overlay/confirm-reason";
import { say } from "@/shared/ui/overlay/toast";

import { takeOver, useClientWrite } from "./writes";

interface Props {
  clientId: string;
  open: boolean;
  onClose: () => void;
}

/** Takes a client over from another manager; requires a reason, which is recorded. */
export function TakeOver({ clientId, open, onClose }: Props) {
  const take = useClientWrite(clientId, (wanted: string, key) => takeOver(clientId, wanted, key), {
    success: () => {
      say("Теперь клиента ведёте вы");
      onClose();
    },
  });
  return (
    <ConfirmReason
      open={open}
      title="Взять клиента себе?"
      action="Взять себе"
      missing="Напишите причину: её увидят коллеги."
      write={take}
      onClose={onClose}
    >
      <p>Причина останется в истории клиента.</p>
    </ConfirmReason>
  );
}
