/** A piece of a text; `href` where it is an address that may be opened. */
export interface Piece {
  text: string;
  href?: string;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"«»]+/gi;
const AFTER = /[.,;:!?'”’)\]}]+$/;

/** Splits a text at its addresses. Only http and https open, and none that shows a name before its host. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutEnd(match[0]);
    const href = hrefOf(address);
    if (href === undefined) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

/** The address as a link may have it; undefined if it must not be opened. */
export function hrefOf(address: string | null): string | undefined {
  const url = read(address ?? "");
  if (url === undefined) return undefined;
  const web = url.protocol === "https:" || url.protocol === "http:";
  return web && url.username === "" && url.password === "" ? url.href : undefined;
}

/** `URL.canParse` is younger than the oldest browser that is promised. */
function read(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/** Without the sentence's own marks; a bracket that the address has opened stays. */
function withoutEnd(address: string): string {
  const bare = address.replace(AFTER, "");
  const closes = address.startsWith(")", bare.length) && bare.split("(").length > bare.split(")").length;
  return closes ? `${bare})` : bare;
}
