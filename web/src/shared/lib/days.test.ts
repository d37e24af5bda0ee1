import { describe, expect, it } from "vitest";

import { dayName, dayOf } from "./days";

const NOW = Date.parse("2026-11-21T09:00:00Z");

describe("days of the business", () => {
  it.each([
    ["2026-11-20T20:59:59Z", "2026-11-20"],
    ["2026-11-20T21:00:00Z", "2026-11-21"],
  ])("%s is on %s in Moscow", (at, day) => {
    expect(dayOf(at)).toBe(day);
  });

  it.each([
    ["2026-11-21", "Сегодня"],
    ["2026-11-20", "Вчера"],
    ["2026-11-19", "19 ноября 2026 г."],
  ])("%s is called %s", (day, name) => {
    expect(dayName(day, NOW)).toBe(name);
  });
});
