import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";

import { readRows, type Asked, type Scope } from "@/entities/clients/list";
import { rememberList } from "@/entities/clients/opened-list";
import { api, ask } from "@/shared/api/http";
import { keys } from "@/shared/api/queries";
import { uniqueById } from "@/shared/lib/unique-by-id";

const FIRST: string | undefined = undefined;

/** Pages of a list's rows. While the search changes, previous rows stay until new ones load. */
export function useList(asked: Asked) {
  const { tab, scope, query } = asked;
  const list = useInfiniteQuery({
    queryKey: keys.clientList(tab, scope, query),
    queryFn: ({ pageParam, signal }) => readRows(asked, pageParam, signal),
    initialPageParam: FIRST,
    getNextPageParam: (last) => last.next,
    placeholderData: (before, earlier) =>
      earlier?.queryKey[2] === tab && earlier.queryKey[3] === scope ? before : undefined,
  });
  const { data } = list;
  const rows = useMemo(() => data && uniqueById(data.pages.flatMap((page) => page.rows)), [data]);
  return { ...list, rows, next: data?.pages.at(-1)?.next };
}

export function useCounts(scope: Scope, query: string) {
  return useQuery({
    queryKey: keys.clientCounts(scope, query),
    queryFn: ({ signal }) =>
      ask(api.GET("/api/manager/clients/counts", { params: { query: { q: query, scope } }, signal })),
    placeholderData: (before) => before,
  }).data;
}

/** Stores the shown list for the links between cards. */
export function useRemembered(
  { tab, scope, query }: Asked,
  { rows, next, isPlaceholderData }: ReturnType<typeof useList>,
) {
  const total = useCounts(scope, query)?.[tab];
  useEffect(() => {
    if (rows === undefined || isPlaceholderData) return;
    rememberList({ tab, scope, query, ids: rows.map((row) => row.id), next, total });
  }, [tab, scope, query, rows, next, total, isPlaceholderData]);
}
