import { useQueryClient } from "@tanstack/react-query";

import { api, ask } from "@/shared/api/http";
import { keys } from "@/shared/api/queries";
import { useWrite } from "@/shared/api/write";
import { say } from "@/shared/ui/overlay/toast";

const PATHS = {
  close: "/api/dialogs/{dialog_id}/close",
  reopen: "/api/dialogs/{dialog_id}/reopen",
  retry: "/api/dialogs/{dialog_id}/retry",
} as const;

/** Something done with the whole dialog. */
export function useDialogVerb(dialogId: string, verb: keyof typeof PATHS, done: string) {
  const queries = useQueryClient();
  return useWrite(
    (_: undefined, key) =>
      ask(
        api.POST(PATHS[verb], {
          params: { path: { dialog_id: dialogId }, header: { "Idempotency-Key": key } },
        }),
      ),
    {
      success: async () => {
        say(done);
        await Promise.all([
          queries.invalidateQueries({ queryKey: keys.dialog(dialogId) }),
          queries.invalidateQueries({ queryKey: keys.dialogs }),
        ]);
      },
    },
  );
}
