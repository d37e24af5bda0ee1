import { QueryClient } from "@tanstack/react-query";

import { Problem } from "./problem";

/** Query keys, by which live events and writes invalidate queries. */
export const keys = {
  me: ["me"] as const,
  clients: ["clients"] as const,
  clientList: (tab: string, scope: string, query: string) => ["clients", "list", tab, scope, query] as const,
  clientCounts: (scope: string, query: string) => ["clients", "counts", scope, query] as const,
  colleagues: ["colleagues"] as const,
  rules: ["rules"] as const,
  tariffs: ["tariffs"] as const,
  trailBreaks: ["trail-breaks"] as const,
  client: (id: string) => ["client", id] as const,
  card: (id: string) => ["client", id, "card"] as const,
  contracts: (id: string) => ["client", id, "contracts"] as const,
  history: (id: string) => ["client", id, "history"] as const,
  autosaves: (id: string) => ["autosaves", id] as const,
  conversations: ["conversations"] as const,
  conversationList: (filter: object) => ["conversations", "list", filter] as const,
  conversationCounts: ["conversations", "counts"] as const,
  conversation: (id: string) => ["conversation", id] as const,
  bots: ["bots"] as const,
  accounts: ["accounts"] as const,
  organisation: ["organisation"] as const,
  figures: (days: number) => ["figures", days] as const,
  summary: ["summary"] as const,
};

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (tries, error) => error instanceof Problem && error.passing && tries < 3,
      },
    },
  });
}
