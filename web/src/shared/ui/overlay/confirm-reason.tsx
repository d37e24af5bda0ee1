import { useState, type ReactNode } from "react";

import type { Write } from "@/shared/api/write";
import { cleaned, lengthOf } from "@/shared/lib/typed";

import { Confirm } from "./confirm";
import { Field } from "@/shared/ui/form/field";
import { Textarea } from "@/shared/ui/form/input";

const LONGEST = 500;

interface Props<Answer> {
  open: boolean;
  title: string;
  action: string;
  danger?: boolean;
  /** Error when the reason is empty. */
  missing: string;
  write: Pick<Write<string, Answer>, "send" | "isPending" | "error" | "reset">;
  onClose: () => void;
  children: ReactNode;
}

/** Confirmation with a reason, which is recorded. */
export function ConfirmReason<Answer>({ missing, write, onClose, children, ...rest }: Props<Answer>) {
  const [reason, setReason] = useState("");
  const [pressed, setPressed] = useState(false);
  const given = cleaned(reason);
  const tooLong = lengthOf(given) > LONGEST ? `Не больше ${LONGEST} знаков.` : undefined;
  const refused = write.error?.field("reason");
  return (
    <Confirm
      {...rest}
      busy={write.isPending}
      error={refused === undefined ? write.error : null}
      onConfirm={() => {
        setPressed(true);
        if (given !== "" && tooLong === undefined) write.send(given);
      }}
      onClose={() => {
        if (!write.isPending) {
          setReason("");
          setPressed(false);
          write.reset();
        }
        onClose();
      }}
    >
      {children}
      <Field label="Причина" error={refused ?? tooLong ?? (pressed && given === "" ? missing : undefined)}>
        <Textarea value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </Confirm>
  );
}
