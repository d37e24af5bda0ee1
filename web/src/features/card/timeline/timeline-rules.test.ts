import { expect, test } from "vitest";

import { byDay, noteOf, type Entry } from "./timeline-rules";

const entry = (at: string, verb: string, more: Partial<Entry> = {}): Entry => ({
  id: `${at} ${verb}`,
  at,
  actor: { kind: "manager", id: "m1", name: "Ольга" },
  verb,
  title: verb,
  details: null,
  ...more,
});
const other = { kind: "manager", id: "m2", name: "Пётр" } as const;

test("a day is the day of Moscow", () => {
  const days = byDay([
    entry("2026-11-20T21:30:00Z", "device-added"),
    entry("2026-11-20T20:30:00Z", "card-read"),
  ]);
  expect(days.map(({ day, lines }) => [day, lines.length])).toEqual([
    ["2026-11-21", 1],
    ["2026-11-20", 1],
  ]);
});

test("however often one person looked on a day, it is one line, where the last time was", () => {
  const days = byDay([
    entry("2026-11-21T05:00:00Z", "card-read"),
    entry("2026-11-21T04:00:00Z", "device-added"),
    entry("2026-11-21T03:30:00Z", "card-read", { actor: other }),
    entry("2026-11-21T03:00:00Z", "device-added"),
    entry("2026-11-21T02:00:00Z", "card-read"),
    entry("2026-11-20T02:00:00Z", "card-read"),
  ]);
  const told = days.map(({ lines }) => lines.map((line) => [line.entry.at.slice(11, 16), line.times]));
  expect(told).toEqual([
    [
      ["05:00", 2],
      ["04:00", 1],
      ["03:30", 1],
      ["03:00", 1],
    ],
    [["02:00", 1]],
  ]);
});

const names = new Map([
  ["d1", "Принтер"],
  ["c1", "ИВ-261121-01"],
]);

test.each<[string, Entry["details"], string | undefined]>([
  ["client-taken", null, undefined],
  ["contract-sent", { contract_id: "c1", number: "ИВ-261121-01", sha256: "ab" }, "ИВ-261121-01"],
  ["code-sent", { contract_id: "c1", expires_at: "2026-11-21T05:00:00Z" }, "ИВ-261121-01"],
  ["code-wrong", { contract_id: "c1", tries_left: 3 }, "ИВ-261121-01 · осталось попыток: 3"],
  ["device-changed", { device_id: "d1", fields: ["title", "specs"] }, "Принтер · название, характеристики"],
  ["device-removed", { device_id: "gone" }, undefined],
  ["profile-saved", { fields: [] }, undefined],
  ["passport-saved", { fields: ["issue_date", "series"] }, "серия, дата выдачи"],
  [
    "payment-confirmed",
    { invoice_id: "i1", number: "ИВ-261121-01", amount: 150050 },
    "ИВ-261121-01 · 1\u00a0500,50\u00a0₽",
  ],
  ["invoice-issued", { invoice_id: "i1", amount: 150050 }, "1\u00a0500,50\u00a0₽"],
  ["notice", { text: "Счёт просрочен." }, "Счёт просрочен."],
])("of %s with %j is told %s", (verb, details, note) => {
  expect(noteOf(entry("2026-11-21T05:00:00Z", verb, { details }), names)).toBe(note);
});
