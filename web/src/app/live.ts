import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { keys } from "@/shared/api/queries";
import { follow, type Change } from "@/shared/live/stream";

/** Asks again for what the server says has changed, as far as it is shown. Answers whether the line stands. */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [up, setUp] = useState(true);
  useEffect(() => {
    const ended = new AbortController();
    void follow(ended.signal, (change) => void refresh(queries, change), setUp);
    return () => ended.abort();
  }, [queries]);
  return up;
}

async function refresh(queries: QueryClient, { kind, id }: Change): Promise<void> {
  const again = (key: readonly unknown[]) => queries.invalidateQueries({ queryKey: key });
  switch (kind) {
    case "hello":
      await queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== keys.me[0] });
      return;
    case "client":
      await Promise.all([again(keys.clients), id === undefined ? undefined : again(keys.client(id))]);
      return;
    case "dialog":
      await Promise.all([again(keys.dialogs), id === undefined ? undefined : again(keys.dialog(id))]);
      return;
    case "bot":
      await again(keys.bots);
      return;
    case "account":
      await again(keys.accounts);
      return;
    case "organisation":
      await again(keys.organisation);
  }
}
