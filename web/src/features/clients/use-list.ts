import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";

import { readRows, type Tab } from "@/entities/clients/list";
import { rememberList } from "@/entities/clients/opened-list";
import { api, ask } from "@/shared/api/http";
import { keys } from "@/shared/api/queries";
import { uniqueById } from "@/shared/lib/unique-by-id";

const FIRST: string | undefined = undefined;

/** Pages of a tab's rows that match the search. Previous rows stay until new ones load. */
export function useList(tab: Tab, query: string) {
  const list = useInfiniteQuery({
    queryKey: keys.clientList(tab, query),
    queryFn: ({ pageParam, signal }) => readRows(tab, query, pageParam, signal),
    initialPageParam: FIRST,
    getNextPageParam: (last) => last.next,
    placeholderData: (before, asked) => (asked?.queryKey[2] === tab ? before : undefined),
  });
  const { data } = list;
  const rows = useMemo(() => data && uniqueById(data.pages.flatMap((page) => page.rows)), [data]);
  return { ...list, rows, next: data?.pages.at(-1)?.next };
}

export function useCounts(query: string) {
  return useQuery({
    queryKey: keys.clientCounts(query),
    queryFn: ({ signal }) =>
      ask(api.GET("/api/manager/clients/counts", { params: { query: { q: query } }, signal })),
    placeholderData: (before) => before,
  }).data;
}

/** Stores the shown list for the links between cards. */
export function useRemembered(
  tab: Tab,
  query: string,
  { rows, next, isPlaceholderData }: ReturnType<typeof useList>,
) {
  const total = useCounts(query)?.[tab];
  useEffect(() => {
    if (rows === undefined || isPlaceholderData) return;
    rememberList({ tab, query, ids: rows.map((row) => row.id), next, total });
  }, [tab, query, rows, next, total, isPlaceholderData]);
}
