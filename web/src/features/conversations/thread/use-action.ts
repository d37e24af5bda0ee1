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

/** An action on the whole conversation. */
export function useConversationAction(conversationId: string, action: keyof typeof PATHS, done: string) {
  const queries = useQueryClient();
  return useWrite(
    (_: undefined, key) =>
      ask(
        api.POST(PATHS[action], {
          params: { path: { dialog_id: conversationId }, header: { "Idempotency-Key": key } },
        }),
      ),
    {
      success: async () => {
        say(done);
        await Promise.all([
          queries.invalidateQueries({ queryKey: keys.conversation(conversationId) }),
          queries.invalidateQueries({ queryKey: keys.conversations }),
        ]);
      },
    },
  );
}
