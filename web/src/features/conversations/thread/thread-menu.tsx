import { EllipsisVertical } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";

import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/feedback/notice";
import { Modal } from "@/shared/ui/overlay/modal";

import type { Conversation } from "../queries";
import { download, type Format } from "./export";

const ITEM =
  "flex min-h-11 cursor-pointer items-center rounded-lg px-3 outline-none data-[highlighted]:bg-sunken";

/** Rarely used actions: export, and closing on a phone. */
export function ThreadMenu({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const save = async (format: Format) => {
    setBusy(true);
    try {
      await download(conversation, format);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <Button look="quiet" size="icon" aria-label="Ещё" busy={busy} className="-mr-2">
            {!busy && <EllipsisVertical aria-hidden />}
          </Button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content
            align="end"
            className="z-40 min-w-56 rounded-xl border border-line bg-surface p-1 shadow-lg"
          >
            {conversation.state === "active" && (
              <DropdownMenu.Item className={`${ITEM} sm:hidden`} onSelect={onClose}>
                Закрыть диалог
              </DropdownMenu.Item>
            )}
            <DropdownMenu.Item className={ITEM} onSelect={() => void save("csv")}>
              Скачать для Excel (CSV)
            </DropdownMenu.Item>
            <DropdownMenu.Item className={ITEM} onSelect={() => void save("json")}>
              Скачать JSON
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      <Modal
        open={error !== undefined}
        title="Не получилось скачать переписку"
        onClose={() => setError(undefined)}
      >
        <Failure error={error} />
      </Modal>
    </>
  );
}
