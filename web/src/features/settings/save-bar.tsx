import { useBlocker } from "@tanstack/react-router";
import type { FieldErrors } from "react-hook-form";

import { Problem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/feedback/notice";
import { Confirm } from "@/shared/ui/overlay/confirm";

import { useMayChange } from "./may-change";

interface Props {
  change: { isPending: boolean; isPaused: boolean; error: Problem | null };
  dirty: boolean;
  /** Fields that show the server's errors themselves. */
  fields: readonly string[];
  errors: FieldErrors;
}

/** Save button at the bottom, shown after the first change. Leaving with unsaved changes asks for confirmation. */
export function SaveBar(props: Props) {
  const leaving = useBlocker({
    shouldBlockFn: () => props.dirty,
    enableBeforeUnload: props.dirty,
    withResolver: true,
  });
  return (
    <>
      <Bar {...props} />
      <Confirm
        open={leaving.status === "blocked"}
        title="Уйти без сохранения?"
        action="Уйти"
        danger
        onConfirm={() => leaving.proceed?.()}
        onClose={() => leaving.reset?.()}
      >
        <p>Изменения на этой странице не сохранены и пропадут.</p>
      </Confirm>
    </>
  );
}

function Bar({ change, dirty, fields, errors }: Props) {
  if (!useMayChange()) return null;
  const wrong = Object.keys(errors).length > 0;
  if (!dirty && !change.isPending && change.error === null) return null;
  const unplaced = change.error?.document.errors?.every(({ loc }) => fields.includes(loc[1] ?? "")) !== true;
  return (
    <div className="sticky bottom-0 z-20 -mx-4 border-t border-line bg-canvas/95 px-4 safe-bottom backdrop-blur">
      <div className="grid gap-2 py-3">
        {change.error !== null && unplaced && <Failure error={change.error} />}
        {wrong && (
          <p role="alert" className="text-sm text-danger">
            Проверьте отмеченные поля.
          </p>
        )}
        <div className="flex flex-wrap items-center justify-end gap-3">
          <p role="status" className="mr-auto text-sm text-ink-soft">
            {change.isPaused
              ? "Сохранится, когда появится связь."
              : dirty
                ? "Есть несохранённые изменения."
                : ""}
          </p>
          <Button type="submit" className="max-sm:w-full" disabled={!dirty} busy={change.isPending}>
            Сохранить
          </Button>
        </div>
      </div>
    </div>
  );
}
