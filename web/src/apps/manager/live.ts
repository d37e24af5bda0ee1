import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { keys } from "@/shared/api/queries";
import { follow, type Change } from "@/shared/live/stream";

/** Milliseconds in which changes are gathered: a step changes several rows, a busy dialog several times a second. */
const GATHERING = 250;

/** Asks again for what the server says has changed, as far as it is shown. Answers whether the line stands. */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [up, setUp] = useState(true);
  useEffect(() => {
    const ended = new AbortController();
    const gathered = new Map<string, QueryKey>();
    let timer: ReturnType<typeof setTimeout> | undefined;

    const askAgain = () => {
      timer = undefined;
      for (const key of gathered.values()) void queries.invalidateQueries({ queryKey: key });
      gathered.clear();
    };
    const onChange = (change: Change) => {
      for (const key of keysOf(change)) gathered.set(JSON.stringify(key), key);
      timer ??= setTimeout(askAgain, GATHERING);
    };

    void follow(ended.signal, onChange, setUp);
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [queries]);
  return up;
}

/** What may be old after the change. */
function keysOf({ kind, id }: Change): QueryKey[] {
  switch (kind) {
    case "hello":
      return [
        keys.me,
        keys.clients,
        ["client"],
        keys.colleagues,
        keys.dialogs,
        ["dialog"],
        keys.bots,
        keys.accounts,
        keys.organisation,
      ];
    case "client":
      return id === undefined ? [keys.clients] : [keys.clients, keys.client(id)];
    case "dialog":
      return id === undefined ? [keys.dialogs] : [keys.dialogs, keys.dialog(id)];
    case "bot":
      return [keys.bots];
    case "account":
      return [keys.accounts];
    case "organisation":
      return [keys.organisation];
    default:
      return [];
  }
}
