import type { ReactNode } from "react";

import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/feedback/notice";
import { Modal } from "./modal";

interface Props {
  open: boolean;
  title: string;
  children: ReactNode;
  action: string;
  busy?: boolean;
  danger?: boolean;
  error?: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** Confirmation of an irreversible action; the button names the action. */
export function Confirm({
  open,
  title,
  children,
  action,
  busy = false,
  danger = false,
  error,
  onConfirm,
  onClose,
}: Props) {
  return (
    <Modal open={open} title={title} onClose={onClose}>
      <div className="grid gap-3">{children}</div>
      {error !== undefined && error !== null && <Failure error={error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="secondary" onClick={onClose}>
          Отмена
        </Button>
        <Button look={danger ? "danger" : "primary"} busy={busy} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </Modal>
  );
}
