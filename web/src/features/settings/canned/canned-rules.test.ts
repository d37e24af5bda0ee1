import { describe, expect, it } from "vitest";

import { cannedOf, rowsOf, schema, wrongText } from "./canned-rules";

describe("a canned reply", () => {
  it.each([
    ["Здравствуйте, {buyer}! {item} стоит {price}.", true],
    ["{{не подстановка}}", true],
    ["", false],
    ["   ", false],
    ["{город}", false],
    ["скобка {", false],
    ["скобка }", false],
    ["я".repeat(1000), true],
    ["я".repeat(1001), false],
  ])("«%s» is right: %s", (text, right) => {
    expect(wrongText(text) === undefined).toBe(right);
  });

  it.each([
    ["адрес", true],
    ["two_words-2", true],
    ["Адрес", false],
    ["два слова", false],
    ["", false],
  ])("may be called «%s»: %s", (name, right) => {
    expect(schema.safeParse({ rows: [{ name, text: "Да" }] }).success).toBe(right);
  });

  it("has a name of its own", () => {
    const twice = schema.safeParse({
      rows: [
        { name: "да", text: "1" },
        { name: "да", text: "2" },
      ],
    });
    expect(twice.error?.issues.map(({ path }) => path)).toEqual([["rows", 1, "name"]]);
  });

  it("is stored by its name", () => {
    expect(cannedOf(rowsOf({ да: "Есть", нет: "Продано" }))).toEqual({ да: "Есть", нет: "Продано" });
  });
});
