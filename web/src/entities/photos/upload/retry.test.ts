import { describe, expect, it } from "vitest";

import { Problem } from "@/shared/api/problem";

import { NotAPhoto } from "./resize";
import { afterFailure, pauseAfter, type Stage } from "./retry";

const problem = (status: number, code = "some", more: object = {}) =>
  new Problem({ status, code, detail: "Что-то сказал сервер.", ...more });

describe("a photo that did not arrive", () => {
  it.each<Stage>(["ticket", "send", "attach"])(
    "is tried for as long as there is no connection (%s)",
    (stage) => {
      expect(afterFailure(Problem.unreachable(), stage, 100)).toEqual({
        kind: "again",
        after: 15_000,
        anew: false,
      });
    },
  );

  it("is tried again when the answer took too long", () => {
    expect(afterFailure(new DOMException("", "TimeoutError"), "attach", 0)).toMatchObject({ kind: "again" });
  });

  it("keeps its key when it may have been attached", () => {
    for (const failure of [
      problem(503),
      problem(500),
      problem(401),
      problem(409, "client-taken"),
      new Error("?"),
    ]) {
      expect(afterFailure(failure, "attach", 0)).toMatchObject({ anew: false });
    }
  });

  it.each([400, 403])(
    "gets a new ticket when the store refuses the old one with %i, three in all",
    (status) => {
      const failure = problem(status, "unreadable");
      expect(afterFailure(failure, "send", 0)).toMatchObject({ kind: "again", anew: true });
      expect(afterFailure(failure, "send", 1)).toMatchObject({ kind: "again", anew: true });
      expect(afterFailure(failure, "send", 2)).toMatchObject({ kind: "stop", action: "retry", anew: true });
    },
  );

  it.each([
    ["the check of photos", problem(422, "photo-rejected"), "attach"],
    ["the gateway by its size", problem(413, "too-large"), "send"],
  ] as const)("asks for another file with the reason when it was refused by %s", (_, failure, stage) => {
    const expected = { kind: "stop", action: "choose", reason: "Что-то сказал сервер.", anew: true };
    expect(afterFailure(failure, stage, 0)).toEqual(expected);
  });

  it("asks for another file when it is no photo", () => {
    const expected = { kind: "stop", action: "choose", reason: "Не фото." };
    expect(afterFailure(new NotAPhoto("Не фото."), "resize", 0)).toMatchObject(expected);
  });

  it("stops with the reason when another manager holds the client", () => {
    const expected = { kind: "stop", action: "retry", reason: "Что-то сказал сервер." };
    expect(afterFailure(problem(409, "client-taken"), "ticket", 0)).toMatchObject(expected);
  });

  it("waits as long as the server asks for", () => {
    expect(afterFailure(problem(429, "too-many-requests", { retry_after: 7 }), "ticket", 0)).toMatchObject({
      kind: "again",
      after: 7000,
    });
  });

  it("leaves an ill server alone after some tries", () => {
    expect(afterFailure(problem(500), "ticket", 3)).toMatchObject({ kind: "again" });
    expect(afterFailure(problem(500), "ticket", 4)).toMatchObject({ kind: "stop", action: "retry" });
  });

  it("is tried ever less often, up to every fifteen seconds", () => {
    expect([0, 1, 2, 3, 4, 5, 6].map(pauseAfter)).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  });
});
