import { describe, expect, it } from "vitest";

import { byDay, shortMoment } from "./days";

const NOW = Date.parse("2026-11-21T09:00:00Z");

describe("days of a conversation", () => {
  it.each([
    ["2026-11-21T08:05:00Z", "11:05"],
    ["2026-11-20T08:05:00Z", "вчера"],
    ["2026-11-02T08:05:00Z", "2 ноября"],
  ])("%s is %s in the list", (at, shown) => {
    expect(shortMoment(at, NOW)).toBe(shown);
  });

  it("keeps the order of the messages", () => {
    const at = (created_at: string) => ({ created_at });
    const days = byDay([at("2026-11-20T20:00:00Z"), at("2026-11-20T21:00:00Z"), at("2026-11-20T22:00:00Z")]);
    expect(days.map(({ day, messages }) => [day, messages.length])).toEqual([
      ["2026-11-20", 1],
      ["2026-11-21", 2],
    ]);
  });
});
