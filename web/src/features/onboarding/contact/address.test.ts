import { describe, expect, test } from "vitest";

import { composeAddress, NO_ADDRESS, parseAddress, type AddressParts } from "./address";

const of = (parts: Partial<AddressParts>): AddressParts => ({ ...NO_ADDRESS, ...parts });

const ADDRESSES: [string, Partial<AddressParts>][] = [
  ["", {}],
  ["г. Москва", { city: "г. Москва" }],
  ["г. Москва, ул. Садовая, д. 5", { city: "г. Москва", street: "ул. Садовая", house: "5" }],
  [
    "101000, г. Москва, ул. Садовая, д. 5А, корп. 2, кв. 17 (код домофона 12)",
    {
      postcode: "101000",
      city: "г. Москва",
      street: "ул. Садовая",
      house: "5А",
      building: "2",
      flat: "17",
      comment: "код домофона 12",
    },
  ],
  [
    "Московская обл., пос. Лесной, ул. Полевая, д. 1",
    { region: "Московская обл.", city: "пос. Лесной", street: "ул. Полевая", house: "1" },
  ],
  ["Пермский край, д. Ключи, д. 3", { region: "Пермский край", city: "д. Ключи", house: "3" }],
  ["д. Ключи, д. 3", { city: "д. Ключи", house: "3" }],
  ["(вход со двора)", { comment: "вход со двора" }],
  ["г. Москва (вход (второй) со двора)", { city: "г. Москва", comment: "вход (второй) со двора" }],
];

test.each(ADDRESSES)("«%s» is put together of its parts and taken apart again", (address, parts) => {
  expect(composeAddress(of(parts))).toBe(address);
  expect(parseAddress(address)).toEqual(of(parts));
});

test("what is typed with its word is not told twice", () => {
  const typed = of({ city: " г.  Москва ", house: "д. 5", building: "корпус 2", flat: "кв.17" });
  expect(composeAddress(typed)).toBe("г. Москва, д. 5, корп. 2, кв. 17");
});

describe("an address that was written otherwise", () => {
  test.each([
    "Россия, Московская обл., г. Химки, ул. Садовая, д. 5",
    "г. Москва,ул. Садовая",
    "Москва, Садовая 5,",
    "г. Москва,  ул. Садовая, д. 5",
    "г. Москва, кв. 17, д. 5, ул. Садовая",
    "г. Москва (двор), ул. Садовая",
    "г. Москва(двор)",
  ])("«%s» stays whole, or reads the same", (address) => {
    const parts = parseAddress(address);
    expect(parts === undefined ? address : composeAddress(parts)).toBe(address);
  });

  test("of too many parts is not guessed at", () => {
    expect(parseAddress("Россия, Московская обл., г. Химки, ул. Садовая, д. 5")).toBeUndefined();
  });
});

test("no looking changes an address, whatever it is made of", () => {
  const pieces = [
    "",
    "101000",
    "г. Москва",
    "Тверская обл.",
    "ул. Мира",
    "д. 5",
    "корп. 1",
    "кв. 7",
    "(двор)",
    "д. ",
  ];
  for (const one of pieces)
    for (const two of pieces)
      for (const three of pieces) {
        const address = [one, two, three].join(", ");
        const parts = parseAddress(address);
        if (parts !== undefined) expect(composeAddress(parts)).toBe(address);
      }
});
