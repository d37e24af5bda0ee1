export interface Adjacent {
  previous?: string;
  next?: string;
  /** «3 из 27» */
  position?: string;
}

/** Neighbours of a client in a list that may be loaded only in part; empty for a client that is not in the list. */
export function adjacentTo(ids: readonly string[], total: number | undefined, id: string): Adjacent {
  const at = ids.indexOf(id);
  if (at === -1) return {};
  const previous = ids[at - 1];
  const next = ids[at + 1];
  const all = Math.max(total ?? 0, ids.length);
  return {
    ...(previous === undefined ? {} : { previous }),
    ...(next === undefined ? {} : { next }),
    ...(total === undefined ? {} : { position: `${at + 1} из ${all}` }),
  };
}

/** Whether to load the next page of the list while this client is open. */
export function isNearEnd(ids: readonly string[], id: string): boolean {
  const at = ids.indexOf(id);
  return at !== -1 && at >= ids.length - 2;
}
