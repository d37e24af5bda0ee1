// @vitest-environment jsdom
import { describe, expect, test } from "vitest";

import { dateMask, digitMask, maskInput, phoneMask, typedPhoneMask, type Mask } from "./mask";

const code = digitMask("000-000");

test.each([
  ["", ""],
  ["7", "7"],
  ["770", "770"],
  ["7700", "770-0"],
  ["770-001", "770-001"],
  ["770 001", "770-001"],
  ["\u200e770\u2212001\ufeff", "770-001"],
  ["7700012", "7700012"],
  ["770-0012", "770-0012"],
  ["код 770 001", "код 770 001"],
  ["77O-001", "77O-001"],
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
  ["+7 8 (916) 123-45-67", "+7 916 123-45-67"],
  ["+789161234567", "+7 916 123-45-67"],
  ["8121234567", "+7 812 123-45-67"],
  ["842", "842"],
  ["+7 8", "+7 8"],
  ["+7 8 ", "+7 8 "],
  ["+7 8 (421) 2", "+7 8 (421) 2"],
  ["+7 900 000-00-012", "+7 900 000-00-012"],
  ["91612345678", "91612345678"],
  ["375291234567", "375291234567"],
  ["8-10-375-29-123-45-67", "8-10-375-29-123-45-67"],
  ["+7 495 123-45-67 доб. 12", "+7 495 123-45-67 доб. 12"],
  ["+375 29 123-45-67", "+375 29 123-45-67"],
])("a phone typed as «%s» reads «%s»", (raw, shown) => {
  expect(phoneMask(raw)).toBe(shown);
  expect(phoneMask(shown)).toBe(shown);
});

test.each([
  ["8421234567", "8421234567"],
  ["84212345678", "+7 421 234-56-78"],
  ["8 (421) 234-56-7", "8 (421) 234-56-7"],
  ["3752912345", "3752912345"],
  ["9161234567", "+7 916 123-45-67"],
  ["8121234567", "+7 812 123-45-67"],
])("while «%s» is typed it reads «%s»", (raw, shown) => {
  expect(typedPhoneMask(raw)).toBe(shown);
});

test.each([
  ["30", "30"],
  ["3006", "30.06"],
  ["30062015", "30.06.2015"],
  ["30/06/2015", "30.06.2015"],
  ["2015-06-30", "30.06.2015"],
  ["2015\u201306\u201330", "30.06.2015"],
  ["1.", "01"],
  ["1.6.2015", "01.06.2015"],
  ["01.6", "01.6"],
  ["1 6 2015", "01.06.2015"],
  ["300620155", "300620155"],
  ["30.06.20155", "30.06.20155"],
  ["2010-W20-4", "2010-W20-4"],
  ["30 июня 2015", "30 июня 2015"],
])("a date typed as «%s» reads «%s»", (raw, shown) => {
  expect(dateMask(raw)).toBe(shown);
});

describe("the caret", () => {
  function typed(raw: string, caret: number, mask: Mask): [string, number | null] {
    const input = document.createElement("input");
    input.value = raw;
    input.setSelectionRange(caret, caret);
    maskInput(input, mask);
    return [input.value, input.selectionStart];
  }

  test.each<[string, Mask, string, number, [string, number]]>([
    ["a digit at the end", code, "7700", 4, ["770-0", 5]],
    ["a digit too many in the middle", code, "7790-001", 3, ["7790-001", 3]],
    ["a digit before the hyphen", code, "7799-00", 3, ["779-900", 3]],
    ["the hyphen taken away", code, "770001", 3, ["770-001", 3]],
    ["nothing to change", code, "770-001", 2, ["770-001", 2]],
    ["the first digit of a phone", phoneMask, "9", 1, ["+7 9", 4]],
    ["a digit in the middle of a phone", phoneMask, "+7 9165 123-45-6", 8, ["+7 916 512-34-56", 8]],
    ["a number with 8 pasted before nothing", phoneMask, "89161234567", 11, ["+7 916 123-45-67", 16]],
    ["a digit taken out of a phone", phoneMask, "+7 96 123-45-67", 4, ["+7 961 234-56-7", 4]],
  ])("%s", (_, mask, raw, caret, expected) => {
    expect(typed(raw, caret, mask)).toEqual(expected);
  });
});
