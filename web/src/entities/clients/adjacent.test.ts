import { describe, expect, test } from "vitest";

import { isNearEnd, adjacentTo } from "./adjacent";

const IDS = ["a", "b", "c"];

describe("adjacent clients in a list", () => {
  test.each([
    ["the first has only a next one", "a", { next: "b", position: "1 из 27" }],
    ["one in the middle has both", "b", { previous: "a", next: "c", position: "2 из 27" }],
    ["the last that is known has only a previous one", "c", { previous: "b", position: "3 из 27" }],
    ["one from elsewhere has none", "z", {}],
  ])("%s", (_, id, adjacent) => {
    expect(adjacentTo(IDS, 27, id)).toEqual(adjacent);
  });

  test("a list whose length is not known tells no position", () => {
    expect(adjacentTo(IDS, undefined, "b")).toEqual({ previous: "a", next: "c" });
  });

  test("a list that grew since it was counted is as long as what is known of it", () => {
    expect(adjacentTo(IDS, 2, "c").position).toBe("3 из 3");
  });

  test.each([
    ["a", false],
    ["b", true],
    ["c", true],
    ["z", false],
  ])("more is asked for before the end is reached: %s", (id, near) => {
    expect(isNearEnd(IDS, id)).toBe(near);
  });
});
