import { useState } from "react";

import { Confirm } from "@/shared/ui/confirm";
import { Field } from "@/shared/ui/field";
import { Textarea } from "@/shared/ui/input";
import { say } from "@/shared/ui/toast";

import { takeOver, useClientWrite } from "./writes";

const LONGEST_REASON = 500;

interface Props {
  clientId: string;
  open: boolean;
  onClose: () => void;
}

/** Takes a client from a colleague, on record: the reason is asked for. */
export function TakeOver({ clientId, open, onClose }: Props) {
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const take = useClientWrite(clientId, (wanted: string, key) => takeOver(clientId, wanted, key), {
    success: () => {
      say("Теперь клиента ведёте вы");
      onClose();
    },
  });
  const confirm = () => {
    if (reason.trim() === "") setMissing(true);
    else take.send(reason.trim());
  };
  const wrong = missing && reason.trim() === "" ? "Напишите причину: её увидят коллеги." : undefined;
  return (
    <Confirm
      open={open}
      title="Взять клиента себе?"
      action="Взять себе"
      busy={take.isPending}
      error={take.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>Причина останется в истории клиента.</p>
      <Field label="Причина" error={wrong ?? take.error?.field("reason")}>
        <Textarea
          value={reason}
          maxLength={LONGEST_REASON}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </Confirm>
  );
}
