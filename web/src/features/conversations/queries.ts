import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import type {
  SchemaApiStaffShapesMessageView,
  SchemaAttachmentView,
  SchemaDialogView,
} from "@/shared/api/generated/schema";
import { api, ask, askWhole, nextCursor } from "@/shared/api/http";
import { keys } from "@/shared/api/queries";

import { asked, type Filter } from "./filters";

export type Conversation = SchemaDialogView;
export type Message = SchemaApiStaffShapesMessageView;
export type Attachment = SchemaAttachmentView;

/** Links to files expire within minutes; an open thread refreshes them in time. */
const NEW_LINKS = 4 * 60_000;

export function conversationsQuery(filter: Filter) {
  return infiniteQueryOptions({
    queryKey: keys.conversationList(filter),
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...asked(filter), ...(pageParam !== "" && { cursor: pageParam }) };
      const { data, headers } = await askWhole(api.GET("/api/dialogs", { params: { query }, signal }));
      return { conversations: data, next: nextCursor(headers) };
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}

export const countsQuery = queryOptions({
  queryKey: keys.conversationCounts,
  queryFn: ({ signal }) => ask(api.GET("/api/dialogs/counts", { signal })),
});

/** The newest 200 messages; each further page has earlier ones. */
export function threadQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: keys.conversation(id),
    queryFn: async ({ pageParam, signal }) => {
      const params = { path: { dialog_id: id }, query: pageParam === "" ? {} : { before: pageParam } };
      const { data, headers } = await askWhole(api.GET("/api/dialogs/{dialog_id}", { params, signal }));
      return { ...data, earlier: nextCursor(headers, "before") };
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.earlier,
    refetchInterval: NEW_LINKS,
  });
}

interface Paged {
  data: { pages: unknown[] } | undefined;
  hasNextPage: boolean;
  isError: boolean;
}

const TRIES = 10;

/** Loads the next page. A live event refetches the pages and cancels the load, which is then repeated. */
export async function readOn(list: Paged & { fetchNextPage: () => Promise<Paged> }): Promise<void> {
  const pages = list.data?.pages.length ?? 0;
  for (let tries = 0; tries < TRIES; tries++) {
    const { data, hasNextPage, isError } = await list.fetchNextPage();
    if (isError || !hasNextPage || (data?.pages.length ?? 0) > pages) return;
  }
}
