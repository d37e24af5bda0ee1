import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";

import { api, ask } from "./http";
import { keys } from "./queries";
import type { SchemaStaffMember } from "./schema";

export type Me = SchemaStaffMember;

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: () => ask(api.GET("/api/auth/me")),
  staleTime: Infinity,
});

/** Who is signed in; below the guard of `app/` he is always known. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}
