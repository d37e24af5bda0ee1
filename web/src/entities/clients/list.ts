import { api, askWhole, nextCursor } from "@/shared/api/http";
import type { SchemaClientSummary, SchemaStep } from "@/shared/api/generated/schema";

export const TABS = ["new", "in_work", "processed", "mine"] as const;
export type Tab = (typeof TABS)[number];

export interface Row extends SchemaClientSummary {
  next_step?: SchemaStep;
}

/** Some rows of a list, and the cursor of those after them; undefined: these are the last. */
export interface Rows {
  rows: Row[];
  next: string | undefined;
}

export function isTab(value: unknown): value is Tab {
  return TABS.some((tab) => tab === value);
}

export async function readRows(
  tab: Tab,
  query: string,
  cursor: string | undefined,
  signal?: AbortSignal,
): Promise<Rows> {
  const { data, headers } = await askWhole(
    api.GET("/api/manager/clients", {
      params: { query: { tab, q: query, include: "next_step", ...(cursor === undefined ? {} : { cursor }) } },
      ...(signal === undefined ? {} : { signal }),
    }),
  );
  return { rows: data, next: nextCursor(headers) };
}
