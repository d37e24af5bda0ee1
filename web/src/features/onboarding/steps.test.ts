import { expect, test } from "vitest";

import type { Step } from "@/entities/clients/status";

import { nextNumber, previousNumber, STEPS, stepState, type StepNumber } from "./steps";

test.each<[Step, StepNumber, string]>([
  ["profile", 1, "current closed closed closed"],
  ["profile", 2, "open current closed closed"],
  ["passport", 2, "done current open open"],
  ["passport", 1, "current open open open"],
  ["devices", 3, "done done current open"],
  ["tariff", 4, "done done done current"],
  ["signature", 2, "done current done open"],
  ["done", 1, "current done done done"],
])("when %s comes next, page %s shows: %s", (next, current, expected) => {
  expect(STEPS.map(({ number }) => stepState(number, current, next)).join(" ")).toBe(expected);
});

test("the pages follow each other", () => {
  expect(STEPS.map(({ number }) => nextNumber(number))).toEqual([2, 3, 4, undefined]);
  expect(STEPS.map(({ number }) => previousNumber(number))).toEqual([undefined, 1, 2, 3]);
});
