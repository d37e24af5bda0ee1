import { expect, test } from "vitest";

import { isPulled, pullDistance } from "./pull";

test.each([
  ["a finger that goes up pulls nothing", -50, 0],
  ["a finger that rests pulls nothing", 0, 0],
  ["a short distance is followed at half the speed", 10, 5],
  ["a very long pull ends at its farthest", 5_000, 96],
])("%s", (_, moved, distance) => {
  expect(pullDistance(moved)).toBeCloseTo(distance, 0);
});

test.each([
  [60, false],
  [180, false],
  [220, true],
  [400, true],
])("a pull of %i px asks again: %s", (moved, enough) => {
  expect(isPulled(pullDistance(moved))).toBe(enough);
});
