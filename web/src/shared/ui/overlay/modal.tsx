import { X } from "lucide-react";
import { useEffect, useId, useRef, type ReactNode } from "react";

import { Button } from "@/shared/ui/button";

interface Props {
  open: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
}

/**
 * The native dialog: traps focus, closes on Esc, makes the rest inert. A bottom sheet on a phone. Content is
 * mounted only while open.
 */
export function Modal({ open, title, onClose, children, wide = false }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useEffect(() => {
    const element = dialog.current;
    if (open && element?.open === false) element.showModal();
    if (!open && element?.open === true) element.close();
  }, [open]);

  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onClose={onClose}
      className={`m-0 mt-auto max-h-[92dvh] w-full max-w-full overflow-y-auto rounded-t-2xl bg-surface p-0 text-ink sm:m-auto sm:rounded-2xl ${wide ? "sm:max-w-3xl" : "sm:max-w-lg"}`}
    >
      {open && (
        <div className="grid gap-4 p-5 pb-[max(1.25rem,env(safe-area-inset-bottom))]">
          <header className="flex items-start justify-between gap-4">
            <h2 id={heading} className="pt-2 text-xl font-semibold">
              {title}
            </h2>
            <Button look="quiet" size="icon" aria-label="Закрыть" onClick={onClose}>
              <X aria-hidden />
            </Button>
          </header>
          {children}
        </div>
      )}
    </dialog>
  );
}
