import { useEffect, useSyncExternalStore } from "react";

import { isNearEnd, adjacentTo, type Adjacent } from "./adjacent";
import { readRows, type Asked } from "./list";

/** Snapshot of the list that was opened last; kept in memory only. */
interface OpenedList extends Asked {
  ids: readonly string[];
  /** Cursor of the next page; undefined on the last one. */
  next: string | undefined;
  /** Total count, if the server has reported it. */
  total: number | undefined;
}

let current: OpenedList | null = null;
let lastClient: string | null = null;
let extending: OpenedList | null = null;
const listeners = new Set<() => void>();

function update(next: OpenedList | null): void {
  current = next;
  for (const listener of listeners) listener();
}

export function openedList(): OpenedList | null {
  return current;
}

export function rememberList(list: OpenedList): void {
  update(list);
}

/** Id of the client whose card was opened last. */
export function lastOpenedClient(): string | null {
  return lastClient;
}

/** Clears the list and the last client. Called on sign-out and sign-in. */
export function forgetList(): void {
  lastClient = null;
  update(null);
}

/**
 * The clients before and after this one in the list it was opened from. The list does not change when work on the
 * card moves the client to another tab. The next page is loaded near the end of the list.
 */
export function useAdjacentClients(clientId: string): Adjacent {
  const list = useSyncExternalStore(subscribe, openedList);
  useEffect(() => {
    lastClient = clientId;
  }, [clientId]);
  useEffect(() => {
    if (list !== null && isNearEnd(list.ids, clientId)) void extend(list);
  }, [list, clientId]);
  return list === null ? {} : adjacentTo(list.ids, list.total, clientId);
}

async function extend(list: OpenedList): Promise<void> {
  if (list.next === undefined || extending === list) return;
  extending = list;
  try {
    const { rows, next } = await readRows(list, list.next);
    const ids = [...new Set([...list.ids, ...rows.map((row) => row.id)])];
    if (current === list) update({ ...list, ids, next });
  } catch {
    // The next card opened near the end of the list tries again.
  } finally {
    extending = null;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
