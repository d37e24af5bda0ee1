import { queryOptions, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";

import { api, ask } from "./http";
import { Problem } from "./problem";
import { keys } from "./queries";
import type { SchemaStaffMember } from "./generated/schema";

type Me = SchemaStaffMember;

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: () => ask(api.GET("/api/auth/me")),
  staleTime: Infinity,
});

/** Who is signed in; below the guard of `app/` he is always known. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

const SOMEBODY_ELSE = "Это начал другой сотрудник. Оно продолжится, когда он войдёт снова.";

/** For what outlasts its screen: it goes on under the name of whoever began it, or not at all. Throws `Problem`. */
export function requireSameManager(queries: QueryClient, id: string): void {
  const now = queries.getQueryData(meQuery.queryKey);
  if (now === undefined || now.id === id) return;
  throw new Problem({ status: 401, code: "not-authenticated", detail: SOMEBODY_ELSE });
}
