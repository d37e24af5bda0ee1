import { expect, test } from "vitest";

import { labelledOf, pointsOf, topOf } from "./scale";

test.each([
  [[], 1],
  [[0, 0], 1],
  [[1], 1],
  [[3], 5],
  [[2, 5], 5],
  [[6], 10],
  [[11], 20],
  [[73, 12], 100],
  [[501], 1_000],
])("the scale of %j ends at %i", (values, top) => {
  expect(topOf(values)).toBe(top);
});

test.each([
  ["the largest is at the top, nothing at the bottom", [0, 10, 5], "0,40 50,0 100,20"],
  ["one day stands in the middle", [10], "50,0"],
  ["no day draws nothing", [], ""],
])("%s", (_, values, points) => {
  expect(pointsOf(values, 10, 100, 40)).toBe(points);
});

test.each([
  [3, 4, [0, 1, 2]],
  [7, 4, [0, 2, 4, 6]],
  [30, 4, [0, 10, 19, 29]],
  [90, 2, [0, 89]],
])("of %i days %i are named", (count, most, places) => {
  expect(labelledOf(count, most)).toEqual(places);
});
