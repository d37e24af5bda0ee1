import { describe, expect, test } from "vitest";

import { alike, differences, pack, takeNew, textField, unpack, type Described } from "./conflict";

interface Person {
  name: string;
  city: string;
  street: string;
}

const NAME = textField<Person, "name">("name", "Имя");
const ADDRESS: Described<Person> = {
  label: "Адрес",
  keys: ["city", "street"],
  show: ({ city, street }) => [city, street].filter((part) => part !== "").join(", "),
};
const FIELDS = [NAME, ADDRESS];
const WAS: Person = { name: "Анна", city: "Москва", street: "" };

const at = (changes: Partial<Person>): Person => ({ ...WAS, ...changes });

describe("changes by another manager", () => {
  test.each<[string, Partial<Person>, Partial<Person>, string[]]>([
    ["nothing", {}, { name: "Анна П." }, []],
    ["a field that I have changed otherwise", { name: "Яна" }, { name: "Анна П." }, ["Имя"]],
    ["a field that I have not touched", { street: "Садовая" }, { name: "Анна П." }, ["Адрес"]],
    ["a field that I have changed in the same way", { name: "Яна" }, { name: "Яна" }, []],
    ["both", { name: "Яна", city: "Тверь" }, {}, ["Имя", "Адрес"]],
    [
      "the parts of an address, but not the address",
      { city: "Москва, Садовая", street: "" },
      { city: "Москва", street: "Садовая" },
      [],
    ],
  ])("%s", (_, now, mine, expected) => {
    const found = differences(FIELDS, WAS, at(now), at(mine));
    expect(found.map((one) => one.field.label)).toEqual(expected);
  });

  test("each field says what it was, what it is and what I have", () => {
    expect(differences(FIELDS, WAS, at({ name: "Яна" }), at({ name: "Инна" }))).toEqual([
      { field: NAME, was: "Анна", now: "Яна", mine: "Инна" },
    ]);
  });

  test("taking the new ones leaves the rest of what I typed", () => {
    const now = at({ city: "Тверь", street: "Лесная" });
    const mine = at({ name: "Инна", city: "Москва", street: "Садовая" });
    const taken = takeNew(differences(FIELDS, WAS, now, mine), now, mine);
    expect(taken).toEqual({ name: "Инна", city: "Тверь", street: "Лесная" });
    expect(differences(FIELDS, WAS, now, taken)).toEqual([]);
  });

  test("forms that read the same are alike", () => {
    expect(alike(FIELDS, at({ city: "Москва, Садовая" }), at({ street: "Садовая" }))).toBe(true);
    expect(alike(FIELDS, WAS, at({ name: "Яна" }))).toBe(false);
  });
});

describe("an unsent form", () => {
  test("is found again with what it was begun with", () => {
    const typed = at({ name: "Инна" });
    const packed = pack(typed, WAS);
    expect(packed).toEqual({ typed, base: { name: "Анна" } });
    expect(unpack(packed, at({ city: "Тверь" }))).toEqual({ typed, base: WAS });
  });

  test.each<[string, Record<string, unknown>]>([
    ["of a stranger shape", { a: 1 }],
    ["with values of other types", { typed: { name: 5, other: "x" }, base: null }],
  ])("%s is the card's", (_, values) => {
    expect(unpack(values, WAS)).toEqual({ typed: WAS, base: WAS });
  });
});
