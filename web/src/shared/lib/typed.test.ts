import { expect, test } from "vitest";

import table from "../../../../tests/domain/kernel/typed_cases.json";

import { cleaned, cleanedLine, isUnfit, keyboardSigns, lengthOf, visible } from "./typed";

interface Cases {
  lines: [string, string][];
  unfit: string[];
  names: [string, string][];
}

const { lines, unfit, names } = table as unknown as Cases;

test.each(lines)("a line typed as «%s» is kept as «%s»", (typed, kept) => {
  expect(cleanedLine(typed)).toBe(kept);
  expect(cleaned(kept)).toBe(kept);
  expect(isUnfit(kept)).toBe(false);
});

test.each(unfit)("%o stays and is unfit", (typed) => {
  expect(isUnfit(cleaned(typed))).toBe(true);
});

test.each(names)("a name typed as «%s» is kept as «%s»", (typed, kept) => {
  expect(keyboardSigns(visible(typed))).toBe(kept);
});

test("line ends are kept as one kind", () => {
  expect(cleaned("раз\r\nдва\rтри\u2028четыре\vпять\n")).toBe("раз\nдва\nтри\nчетыре\nпять");
});

test("an emoji is one character, as on the server", () => {
  expect(lengthOf("👍ок")).toBe(3);
});
