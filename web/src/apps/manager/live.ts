import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { keys } from "@/shared/api/queries";
import { follow, type Change } from "@/shared/live/stream";

/**
 * Milliseconds for which changes are collected. A step changes several rows; a busy conversation changes several
 * times a second.
 */
const BATCH_DELAY = 250;

/** Invalidates queries when the server reports a change. Returns whether the event stream is connected. */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [up, setUp] = useState(true);
  useEffect(() => {
    const ended = new AbortController();
    const pending = new Map<string, QueryKey>();
    let timer: ReturnType<typeof setTimeout> | undefined;

    const askAgain = () => {
      timer = undefined;
      for (const key of pending.values()) void queries.invalidateQueries({ queryKey: key });
      pending.clear();
    };
    const onChange = (change: Change) => {
      for (const key of keysOf(change)) pending.set(JSON.stringify(key), key);
      timer ??= setTimeout(askAgain, BATCH_DELAY);
    };

    void follow(ended.signal, onChange, setUp);
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [queries]);
  return up;
}

/** Keys of the queries that the change may have made stale. */
function keysOf({ kind, id }: Change): QueryKey[] {
  switch (kind) {
    case "hello":
      return [
        keys.me,
        keys.clients,
        ["client"],
        keys.colleagues,
        keys.conversations,
        ["conversation"],
        keys.bots,
        keys.accounts,
        keys.organisation,
        keys.trailBreaks,
      ];
    case "client":
      return id === undefined ? [keys.clients] : [keys.clients, keys.client(id)];
    case "dialog":
      return id === undefined ? [keys.conversations] : [keys.conversations, keys.conversation(id)];
    case "bot":
      return [keys.bots, keys.conversations, ["conversation"]];
    case "account":
      return [keys.accounts];
    case "organisation":
      return [keys.organisation];
    default:
      return [];
  }
}
