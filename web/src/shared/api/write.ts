import { useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";

import { requireSameManager, useMe } from "./me";
import { Problem } from "./problem";

export interface Sent<Values> {
  values: Values;
  key: string;
  /** Id of whoever pressed the button. */
  by: string;
}

export interface Write<Values, Answer> extends Omit<
  UseMutationResult<Answer, Problem, Sent<Values>>,
  "mutate" | "mutateAsync"
> {
  send: (values: Values) => void;
  sendAsync: (values: Values) => Promise<Answer>;
  /** The same press once more, after it failed: the server knows it by its key. */
  repeat: (sent: Sent<Values>) => void;
}

interface Options<Values, Answer> {
  success?: (answer: Answer, values: Values) => unknown;
  failure?: (problem: Problem) => unknown;
  /** Writes of one queue go one after the other and are kept, seen by `useMutationState`, until somebody removes them. */
  queue?: readonly string[];
}

const LONGEST_PAUSE = 15_000;

/**
 * A write that happens once: one `Idempotency-Key` per press of the button, repeated with every try. Without a
 * connection it waits, and goes on when the connection is back; what the server refuses is not tried again. Should
 * somebody else sign in meanwhile, it does not go out under his name.
 */
export function useWrite<Values, Answer>(
  write: (values: Values, key: string) => Promise<Answer>,
  on: Options<Values, Answer> = {},
): Write<Values, Answer> {
  const me = useMe();
  const queries = useQueryClient();
  const { mutate, mutateAsync, ...rest } = useMutation<Answer, Problem, Sent<Values>>({
    mutationFn: ({ values, key, by }) => {
      requireSameManager(queries, by);
      return write(values, key);
    },
    retry: (tries, problem) => problem instanceof Problem && problem.passing && tries < 8,
    retryDelay: (tries) => Math.min(LONGEST_PAUSE, 500 * 2 ** tries),
    onSuccess: (answer, { values }) => on.success?.(answer, values),
    onError: (problem) => on.failure?.(problem),
    ...(on.queue === undefined
      ? {}
      : { mutationKey: on.queue, scope: { id: on.queue.join("/") }, gcTime: Infinity }),
  });
  const sealed = (values: Values): Sent<Values> => ({ values, key: crypto.randomUUID(), by: me.id });
  return {
    ...rest,
    send: (values) => mutate(sealed(values)),
    sendAsync: (values) => mutateAsync(sealed(values)),
    repeat: (sent) => mutate(sent),
  };
}
