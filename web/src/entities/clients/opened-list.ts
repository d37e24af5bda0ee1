import { useEffect, useSyncExternalStore } from "react";

import { readRows, type Tab } from "./list";
import { isNearEnd, neighboursOf, type Neighbours } from "./adjacent";

/** The list that was looked at last, as it was then; in this module's memory only. */
export interface Shown {
  tab: Tab;
  query: string;
  ids: readonly string[];
  /** The cursor of what comes after `ids`; undefined: nothing does. */
  next: string | undefined;
  /** How many there are in all, as far as the server has said. */
  total: number | undefined;
}

let shown: Shown | null = null;
let opened: string | null = null;
let extending: Shown | null = null;
const listeners = new Set<() => void>();

function become(next: Shown | null): void {
  shown = next;
  for (const listener of listeners) listener();
}

export function lastShown(): Shown | null {
  return shown;
}

export function rememberShown(list: Shown): void {
  become(list);
}

/** Whose card was looked at last. */
export function lastOpened(): string | null {
  return opened;
}

/** For the next person at this device. */
export function forgetShown(): void {
  opened = null;
  become(null);
}

/**
 * The clients before and after this one in the list that he was opened from. The list stays as it was looked at, also
 * when the work done here moves this client to another one; its next page is read when its end comes near.
 */
export function useNeighbours(clientId: string): Neighbours {
  const list = useSyncExternalStore(subscribe, lastShown);
  useEffect(() => {
    opened = clientId;
  }, [clientId]);
  useEffect(() => {
    if (list !== null && isNearEnd(list.ids, clientId)) void extend(list);
  }, [list, clientId]);
  return list === null ? {} : neighboursOf(list.ids, list.total, clientId);
}

async function extend(list: Shown): Promise<void> {
  if (list.next === undefined || extending === list) return;
  extending = list;
  try {
    const { rows, next } = await readRows(list.tab, list.query, list.next);
    const ids = [...new Set([...list.ids, ...rows.map((row) => row.id)])];
    if (shown === list) become({ ...list, ids, next });
  } catch {
    // The list ends here for now; the next card that is opened near its end asks again.
  } finally {
    extending = null;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
