/* Telegram's entities: offsets are UTF-16 units, as JavaScript counts anyway. */

import { h, link, linked } from "./dom.js";

const TAGS = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "code",
  bot_command: "kbd",
  blockquote: "q",
  expandable_blockquote: "q",
};

/** Text cut at every border of an entity, each piece inside of those that cover it. */
export function styled(text, entities) {
  if (!entities.length) return linked(text);
  const borders = new Set([0, text.length, ...entities.flatMap(({ offset, length }) => [offset, offset + length])]);
  const cuts = [...borders].sort((one, other) => one - other);
  return cuts.slice(0, -1).flatMap((from, number) => {
    const to = cuts[number + 1];
    const over = entities.filter(({ offset, length }) => offset <= from && offset + length >= to);
    return dressed(text.slice(from, to), over);
  });
}

function dressed(piece, over) {
  const linking = over.find(({ type }) => type === "text_link" || type === "url");
  const inside = linking ? [link(linking.url ?? piece, piece)] : linked(piece);
  return over.filter(({ type }) => TAGS[type]).reduce((held, { type }) => [h(TAGS[type], {}, held)], inside);
}
