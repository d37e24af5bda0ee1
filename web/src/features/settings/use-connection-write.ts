import { useQueryClient } from "@tanstack/react-query";

import type { Problem } from "@/shared/api/problem";
import { keys } from "@/shared/api/queries";
import { useWrite } from "@/shared/api/write";
import { say } from "@/shared/ui/overlay/toast";

interface On<Answer> {
  done: string;
  success?: (answer: Answer) => unknown;
  failure?: (problem: Problem) => unknown;
}

/** Changes a bot or an account; the list is reloaded before the form closes. */
export function useConnectionWrite<Values, Answer>(
  list: "bots" | "accounts",
  write: (values: Values, key: string) => Promise<Answer>,
  { done, success, failure }: On<Answer>,
) {
  const queries = useQueryClient();
  return useWrite<Values, Answer>(write, {
    success: async (answer) => {
      await queries.invalidateQueries({ queryKey: keys[list] });
      success?.(answer);
      say(done);
    },
    ...(failure !== undefined && { failure }),
  });
}
