export interface Adjacent {
  previous?: string;
  next?: string;
  /** «3 из 27» */
  position?: string;
}

/** Who stands beside a client in a list that may not be known to its end; nothing for one who is not in it. */
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

/** Whether more of the list should be asked for while this one is looked at. */
export function isNearEnd(ids: readonly string[], id: string): boolean {
  const at = ids.indexOf(id);
  return at !== -1 && at >= ids.length - 2;
}
