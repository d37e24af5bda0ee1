import { describe, expect, it } from "vitest";

import { packRows, rowsOf, specsOf, specsText, unpackRows, wrongSpecs } from "./specs";

describe("the characteristics of a device", () => {
  it("are an object made of names and values, without empty rows and edges", () => {
    const rows = [
      { name: " Процессор ", value: "i5" },
      { name: "", value: " " },
    ];
    expect(specsOf(rows, null)).toEqual({ Процессор: "i5" });
  });

  it("are nothing when no row is filled", () => {
    expect(specsOf([{ name: "", value: "" }], { ОЗУ: 16 })).toBeNull();
    expect(specsOf([], null)).toBeNull();
  });

  it("keep the type of an untouched value", () => {
    const before = { ОЗУ: 16, порты: ["usb", "hdmi"], ssd: true, цвет: "белый" };
    expect(specsOf(rowsOf(before), before)).toEqual(before);
  });

  it("take what was typed over what was there", () => {
    expect(specsOf([{ name: "ОЗУ", value: "32" }], { ОЗУ: 16 })).toEqual({ ОЗУ: "32" });
  });

  it("take no name for something that every object has", () => {
    expect(specsOf([{ name: "constructor", value: "Иванов" }], {})).toEqual({ constructor: "Иванов" });
  });

  it.each([
    [
      [
        { name: "ОЗУ", value: "16" },
        { name: "ОЗУ ", value: "8" },
      ],
      /дважды/,
    ],
    [[{ name: "", value: "16" }], /Назовите/],
    [[{ name: "ОЗУ", value: " " }], /значение для «ОЗУ»/],
    [[{ name: "ОЗУ", value: "1".repeat(4001) }], /длинный/],
    [Array.from({ length: 201 }, (_, index) => ({ name: `${index}`, value: "1" })), /Не больше/],
  ])("are refused with a hint (%#)", (rows, hint) => {
    expect(wrongSpecs(rows)).toMatch(hint);
  });

  it.each([[[]], [[{ name: "", value: "" }]], [[{ name: "ОЗУ", value: "16 ГБ" }]]])(
    "may be so (%#)",
    (rows) => {
      expect(wrongSpecs(rows)).toBeUndefined();
    },
  );

  it("are kept as one text and come back", () => {
    const rows = [
      { name: "ОЗУ", value: '16 "ГБ"' },
      { name: "", value: "" },
    ];
    expect(unpackRows(packRows(rows))).toEqual(rows);
    expect(packRows([])).toBe("");
  });

  it.each(["", "{", "{}", "[1]", '[["one"]]', "null"])("are none in the broken text «%s»", (text) => {
    expect(unpackRows(text)).toEqual([]);
  });

  it("are compared as people read them", () => {
    expect(specsText([{ name: "ОЗУ", value: "16" }])).toBe("ОЗУ: 16");
  });
});
