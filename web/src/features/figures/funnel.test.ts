import { expect, test } from "vitest";

import { conversion, narrowest, shareOf } from "./funnel";

test.each([
  [{ reached: 10, passed: 8 }, 0.8],
  [{ reached: 3, passed: 0 }, 0],
  [{ reached: 0, passed: 0 }, null],
])("conversion of %j is %s", (step, share) => {
  expect(conversion(step)).toBe(share);
});

test.each([
  [5, 10, 0.5],
  [0, 0, 0],
  [12, 10, 1],
])("%i of %i makes a bar of %s", (value, whole, share) => {
  expect(shareOf(value, whole)).toBe(share);
});

const STEPS = [
  { step: "profile", reached: 100, passed: 90 },
  { step: "passport", reached: 90, passed: 45 },
  { step: "devices", reached: 45, passed: 45 },
  { step: "payment", reached: 2, passed: 0 },
];

test("the step where most are lost is named, those with few clients do not count", () => {
  expect(narrowest(STEPS, 5)?.step).toBe("passport");
});

test("no step is named when no client is lost", () => {
  expect(narrowest([{ reached: 5, passed: 5 }], 5)).toBeUndefined();
});
