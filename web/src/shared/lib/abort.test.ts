import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { anySignal, withTimeout } from "./abort";

beforeEach(() => {
  vi.useFakeTimers();
  // Safari before 17.4, Firefox ESR 115.
  vi.stubGlobal(
    "AbortSignal",
    Object.assign(() => undefined, { any: undefined, timeout: undefined }),
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the first of several signals aborts, with its reason", () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const any = anySignal(one.signal, other.signal);
  expect(any.aborted).toBe(false);
  other.abort("left");
  one.abort("late");
  expect(any.aborted).toBe(true);
  expect(any.reason).toBe("left");
});

test("a signal that has aborted before aborts at once", () => {
  const [one, other] = [new AbortController(), new AbortController()];
  one.abort("left");
  expect(anySignal(other.signal, one.signal).reason).toBe("left");
});

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));

test("work that takes too long ends with a TimeoutError", async () => {
  const work = expect(withTimeout(new AbortController().signal, 1_000, untilAborted)).rejects;
  await Promise.all([work.toMatchObject({ name: "TimeoutError" }), vi.advanceTimersByTimeAsync(1_000)]);
});

test("work that is done in time is answered, and leaves no timer", async () => {
  await expect(withTimeout(new AbortController().signal, 1_000, () => Promise.resolve(5))).resolves.toBe(5);
  expect(vi.getTimerCount()).toBe(0);
});

test("work ends with the signal that it was given", async () => {
  const left = new AbortController();
  const work = withTimeout(left.signal, 1_000, untilAborted);
  left.abort(new DOMException("left", "AbortError"));
  await expect(work).rejects.toMatchObject({ name: "AbortError" });
});
