import { expect, test } from "vitest";

import { clockAhead } from "./clock";

const NOW = Date.parse("2026-11-21T09:00:00.900Z");

test.each([
  ["Sat, 21 Nov 2026 09:10:00 GMT", 599_100],
  ["Sat, 21 Nov 2026 08:59:00 GMT", -60_900],
  ["Sat, 21 Nov 2026 09:00:00 GMT", 0],
  ["not a date", 0],
  [null, 0],
])("a server that says %s is %i ms ahead", (date, ahead) => {
  expect(clockAhead(date, NOW)).toBe(ahead);
});
