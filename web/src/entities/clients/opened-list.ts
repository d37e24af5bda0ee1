import { useEffect, useSyncExternalStore } from "react";

import { readRows, type Tab } from "./list";
import { isNearEnd, adjacentTo, type Adjacent } from "./adjacent";

/** The list that was looked at last, as it was then; in this module's memory only. */
export interface OpenedList {
  tab: Tab;
  query: string;
  ids: readonly string[];
  /** The cursor of what comes after `ids`; undefined: nothing does. */
  next: string | undefined;
  /** How many there are in all, as far as the server has said. */
  total: number | undefined;
}

let list: OpenedList | null = null;
let lastClient: string | null = null;
let extending: OpenedList | null = null;
const listeners = new Set<() => void>();

function update(next: OpenedList | null): void {
  list = next;
  for (const listener of listeners) listener();
}

export function openedList(): OpenedList | null {
  return list;
}

export function rememberList(list: OpenedList): void {
  update(list);
}

/** Whose card was looked at last. */
export function lastOpenedClient(): string | null {
  return lastClient;
}

/** For the next person at this device. */
export function forgetList(): void {
  lastClient = null;
  update(null);
}

/**
 * The clients before and after this one in the list that he was lastClient from. The list stays as it was looked at, also
 * when the work done here moves this client to another one; its next page is read when its end comes near.
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
    const { rows, next } = await readRows(list.tab, list.query, list.next);
    const ids = [...new Set([...list.ids, ...rows.map((row) => row.id)])];
    if (list === list) update({ ...list, ids, next });
  } catch {
    // The list ends here for now; the next card that is lastClient near its end asks again.
  } finally {
    extending = null;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
