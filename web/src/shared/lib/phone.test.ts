import { describe, expect, test } from "vitest";

import table from "../../../../tests/domain/kernel/phone_cases.json";

import { phoneMask, typedPhoneMask } from "./mask";
import { russianDigits } from "./phone";

interface Cases {
  accepted: Record<string, [string, string][]>;
  refused: Record<string, string[]>;
}

const cases = table as unknown as Cases;
const accepted = Object.values(cases.accepted).flat();
const refused = Object.values(cases.refused).flat();

const digitsOf = (text: string) => text.replace(/\D/g, "");

test.each(accepted)("«%s» is %s", (typed, digits) => {
  expect(russianDigits(typed)).toBe(digits);
  expect(russianDigits(phoneMask(typed))).toBe(digits);
});

test.each(refused)("«%s» is no Russian number", (typed) => {
  expect(russianDigits(typed)).toBeUndefined();
  expect(russianDigits(phoneMask(typed))).toBeUndefined();
});

describe("typed one sign after another", () => {
  function typed(text: string): string {
    return Array.from(text).reduce((shown, sign) => typedPhoneMask(shown + sign), "");
  }

  test.each(accepted)("«%s» ends as %s", (text, digits) => {
    expect(russianDigits(typed(text))).toBe(digits);
  });

  // A direction override that is typed last stands at the end, where it is taken out.
  test.each(refused.filter((text) => !text.includes("\u202e")))(
    "«%s» ends as no number, with all of its digits",
    (text) => {
      expect(russianDigits(typed(text))).toBeUndefined();
      expect(digitsOf(typed(text)).endsWith(digitsOf(text).replace(/^[78]/, ""))).toBe(true);
    },
  );
});
