import type { SchemaClientSummary, SchemaScope, SchemaStep } from "@/shared/api/generated/schema";
import { api, askWhole, nextCursor } from "@/shared/api/http";

export const TABS = ["new", "in_work", "processed", "mine"] as const;
export type Tab = (typeof TABS)[number];

/** Whose clients the tabs «В работе» and «Обработанные» hold. */
export type Scope = SchemaScope;

/** Which list: a tab, whose clients, and the search. */
export interface Asked {
  tab: Tab;
  scope: Scope;
  query: string;
}

/** The tabs that can show the clients of the whole team. */
export function hasTeam(tab: Tab): boolean {
  return tab === "in_work" || tab === "processed";
}

export interface Row extends SchemaClientSummary {
  next_step?: SchemaStep;
}

/** One page of a list; `next` is undefined on the last page. */
interface Rows {
  rows: Row[];
  next: string | undefined;
}

export function isTab(value: unknown): value is Tab {
  return TABS.some((tab) => tab === value);
}

export async function readRows(
  { tab, scope, query }: Asked,
  cursor: string | undefined,
  signal?: AbortSignal,
): Promise<Rows> {
  const { data, headers } = await askWhole(
    api.GET("/api/manager/clients", {
      params: {
        query: { tab, scope, q: query, include: "next_step", ...(cursor === undefined ? {} : { cursor }) },
      },
      ...(signal === undefined ? {} : { signal }),
    }),
  );
  return { rows: data, next: nextCursor(headers) };
}
