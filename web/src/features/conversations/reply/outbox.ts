import {
  useMutationState,
  useQueryClient,
  type InfiniteData,
  type Mutation,
  type QueryClient,
} from "@tanstack/react-query";

import { api, ask } from "@/shared/api/http";
import { Problem } from "@/shared/api/problem";
import { keys } from "@/shared/api/queries";
import { useWrite, type Sent } from "@/shared/api/write";

import { threadQuery, type Message } from "../queries";

/** A reply that the server has not confirmed. */
export interface Outgoing {
  key: string;
  text: string;
  /** The refusal; undefined while the reply is being sent. */
  problem: Problem | undefined;
  waits: boolean;
  again: () => void;
  remove: () => void;
}

export interface Outbox {
  outgoing: Outgoing[];
  send: (text: string) => void;
}

type Reply = Mutation<Message, Problem, Sent<string>>;

/**
 * Sends the replies of a conversation in order, one at a time. They wait for the connection and continue when the
 * screen is left.
 */
export function useOutbox(conversationId: string): Outbox {
  const queries = useQueryClient();
  const queue = ["reply", conversationId];
  const { send, repeat } = useWrite<string, Message>(
    (text, key) =>
      ask(
        api.POST("/api/dialogs/{dialog_id}/messages", {
          params: { path: { dialog_id: conversationId }, header: { "Idempotency-Key": key } },
          body: { text },
        }),
      ),
    { queue, success: (message) => taken(queries, conversationId, message) },
  );
  const cache = queries.getMutationCache();
  const outgoing = useMutationState({
    filters: {
      mutationKey: queue,
      predicate: ({ state }) => state.status === "pending" || state.status === "error",
    },
    select: (found: Reply) => outgoingOf(found),
  });

  function outgoingOf(reply: Reply): Outgoing[] {
    const { variables: sent, status, error, isPaused } = reply.state;
    if (sent === undefined) return [];
    const remove = () => cache.remove(reply);
    return [
      {
        key: sent.key,
        text: sent.values,
        problem: status === "error" ? (error ?? Problem.unreachable()) : undefined,
        waits: isPaused,
        again: () => {
          remove();
          repeat(sent);
        },
        remove,
      },
    ];
  }

  return { outgoing: outgoing.flat(), send };
}

/** Adds the message to the thread in the same update that removes it from the outbox. */
function taken(queries: QueryClient, conversationId: string, message: Message): void {
  const { queryKey } = threadQuery(conversationId);
  queries.setQueryData(queryKey, (thread) => thread && withNewest(thread, message));
  const sent = queries
    .getMutationCache()
    .findAll({ mutationKey: ["reply", conversationId], status: "success" });
  for (const one of sent) queries.getMutationCache().remove(one);
  void queries.invalidateQueries({ queryKey });
  void queries.invalidateQueries({ queryKey: keys.conversations });
}

export function withNewest<Page extends { messages: Message[] }, Param>(
  thread: InfiniteData<Page, Param>,
  message: Message,
): InfiniteData<Page, Param> {
  const [newest, ...earlier] = thread.pages;
  if (newest === undefined || newest.messages.some((one) => one.id === message.id)) return thread;
  return { ...thread, pages: [{ ...newest, messages: [...newest.messages, message] }, ...earlier] };
}
