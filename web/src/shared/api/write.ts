import { useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";

import { requireSameManager, useMe } from "./me";
import { Problem } from "./problem";

export interface Sent<Values> {
  values: Values;
  key: string;
  /** Id of the manager who started the write. */
  by: string;
}

export interface Write<Values, Answer> extends Omit<
  UseMutationResult<Answer, Problem, Sent<Values>>,
  "mutate" | "mutateAsync"
> {
  send: (values: Values) => void;
  sendAsync: (values: Values) => Promise<Answer>;
  /** Repeats a failed write with the same key. */
  repeat: (sent: Sent<Values>) => void;
}

interface Options<Values, Answer> {
  success?: (answer: Answer, values: Values) => unknown;
  failure?: (problem: Problem) => unknown;
  /** Writes of one queue run one after another and stay in `useMutationState` until removed. */
  queue?: readonly string[];
}

const LONGEST_PAUSE = 15_000;

/**
 * An idempotent write: one `Idempotency-Key` per call, repeated on retries. Offline, it waits for the connection;
 * refusals are not retried. It stops if another manager signs in.
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
