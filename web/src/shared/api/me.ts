import { queryOptions, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";

import type { SchemaStaffMember } from "./generated/schema";
import { api, ask } from "./http";
import { Problem } from "./problem";
import { keys } from "./queries";

type Me = SchemaStaffMember;

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: () => ask(api.GET("/api/auth/me")),
  staleTime: Infinity,
});

/** The signed-in manager; always known below the guard of `apps/manager`. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

const SOMEBODY_ELSE = "Это начал другой сотрудник. Оно продолжится, когда он войдёт снова.";

/** For work that outlives its screen: throws `Problem` unless the manager who started it is signed in. */
export function requireSameManager(queries: QueryClient, id: string): void {
  const now = queries.getQueryData(meQuery.queryKey);
  if (now === undefined || now.id === id) return;
  throw new Problem({ status: 401, code: "not-authenticated", detail: SOMEBODY_ELSE });
}
