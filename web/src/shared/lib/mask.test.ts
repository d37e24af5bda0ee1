// @vitest-environment jsdom
import { describe, expect, test } from "vitest";

import { dateMask, digitMask, maskInput, phoneMask } from "./mask";

const code = digitMask("000-000");

test.each([
  ["", ""],
  ["7", "7"],
  ["770", "770"],
  ["7700", "770-0"],
  ["770-001", "770-001"],
  ["код 770 001 2", "770-001"],
])("a code typed as «%s» reads «%s»", (raw, shown) => {
  expect(code(raw)).toBe(shown);
  expect(code(shown)).toBe(shown);
});

test.each([
  ["", ""],
  ["+", "+"],
  ["+7", "+7"],
  ["+7 ", "+7"],
  ["8", "8"],
  ["9", "+7 9"],
  ["89", "+7 9"],
  ["+7 900 0", "+7 900 0"],
  ["9000000001", "+7 900 000-00-01"],
  ["89000000001", "+7 900 000-00-01"],
  ["79000000001", "+7 900 000-00-01"],
  ["+7 (900) 000-00-01", "+7 900 000-00-01"],
  [" 8 (900) 000 00 01 ", "+7 900 000-00-01"],
  ["8005553535", "+7 800 555-35-35"],
  ["+7 900 000-00-012", "+7 900 000-00-01"],
  ["+375 29 123-45-67", "+375 29 123-45-67"],
])("a phone typed as «%s» reads «%s»", (raw, shown) => {
  expect(phoneMask(raw)).toBe(shown);
  expect(phoneMask(shown)).toBe(shown);
});

test.each([
  ["30", "30"],
  ["3006", "30.06"],
  ["30062015", "30.06.2015"],
  ["30/06/2015", "30.06.2015"],
  ["2015-06-30", "30.06.2015"],
])("a date typed as «%s» reads «%s»", (raw, shown) => {
  expect(dateMask(raw)).toBe(shown);
});

describe("the caret", () => {
  function typed(raw: string, caret: number): [string, number | null] {
    const input = document.createElement("input");
    input.value = raw;
    input.setSelectionRange(caret, caret);
    maskInput(input, code);
    return [input.value, input.selectionStart];
  }

  test.each<[string, string, number, [string, number]]>([
    ["a digit at the end", "7700", 4, ["770-0", 5]],
    ["a digit in the middle", "7790-001", 3, ["779-000", 3]],
    ["the hyphen taken away", "770001", 3, ["770-001", 3]],
    ["nothing to change", "770-001", 2, ["770-001", 2]],
  ])("%s", (_, raw, caret, expected) => {
    expect(typed(raw, caret)).toEqual(expected);
  });
});
