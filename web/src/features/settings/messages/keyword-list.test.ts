import { expect, it } from "vitest";

import { withWords } from "./keyword-list";

it.each([
  [[], "спам", ["спам"]],
  [["спам"], "Спам", ["спам"]],
  [["спам"], " крипто , быстрый   заработок,", ["спам", "крипто", "быстрый заработок"]],
  [["спам"], "  ", ["спам"]],
])("%j and «%s» are %j", (words, typed, all) => {
  expect(withWords(words, typed)).toEqual(all);
});
