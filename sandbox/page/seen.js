/* What the person has looked at, so that the lists can say what is new; kept for the time of the page. */

const seen = new Map();

/** How many of `ids` came after the last look at `thread`; a thread never looked at is new from its first one on. */
export function unseen(thread, ids) {
  const last = seen.get(thread);
  return last === undefined ? ids.length : ids.length - 1 - ids.lastIndexOf(last);
}

export const look = (thread, ids) => ids.length && seen.set(thread, ids.at(-1));
