import { expect, it } from "vitest";

import { addKeywords } from "./keyword-list";

it.each([
  [[], "спам", ["спам"]],
  [["спам"], "Спам", ["спам"]],
  [["спам"], " крипто , быстрый   заработок,", ["спам", "крипто", "быстрый заработок"]],
  [["спам"], "  ", ["спам"]],
])("%j and «%s» are %j", (words, typed, all) => {
  expect(addKeywords(words, typed)).toEqual(all);
});
