import { useBlocker } from "@tanstack/react-router";

import { Confirm } from "@/shared/ui/overlay/confirm";

import type { OpenAutosave } from "./autosave";

/**
 * Confirms leaving when typed values would be lost: the tab is closed before they are saved, or the page is left
 * while the server refuses them. Otherwise the writer saves them after the page is gone.
 */
export function AutosaveGuard({ autosave: { writer } }: { autosave: OpenAutosave }) {
  const stuck = () => {
    const { kind } = writer.state();
    return (kind === "refused" || kind === "changed") && writer.unsent !== undefined;
  };
  const blocker = useBlocker({
    shouldBlockFn: stuck,
    enableBeforeUnload: () => writer.unsent !== undefined,
    withResolver: true,
  });
  return (
    <Confirm
      open={blocker.status === "blocked"}
      title="Уйти без сохранения?"
      action="Уйти"
      danger
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    >
      <p>Введённое на этом шаге ещё не сохранено и пропадёт.</p>
    </Confirm>
  );
}
