import { expect, test } from "vitest";

import { typedSince } from "./typed-since";

const SENT = { text: "Добрый день", days: [0, 1], delay: 60 };

test("what was typed while the write was under way is found", () => {
  expect(typedSince(SENT, { ...SENT, days: [0, 1, 2], delay: 90 })).toEqual([
    ["days", [0, 1, 2]],
    ["delay", 90],
  ]);
});

test("an untouched form has no newer values", () => {
  expect(typedSince(SENT, structuredClone(SENT))).toEqual([]);
  expect(typedSince(undefined, SENT)).toEqual([]);
});
