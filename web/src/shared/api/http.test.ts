// @vitest-environment jsdom
import { expect, test } from "vitest";

import { whole } from "./http";

test("a line that is cut within an answer is as good as none, and may be tried again", async () => {
  await expect(whole(Promise.reject(new TypeError("network error")))).rejects.toMatchObject({
    code: "offline",
    passing: true,
  });
});

test("what was given up by ourselves stays what it is", async () => {
  const ended = new DOMException("left", "AbortError");
  await expect(whole(Promise.reject(ended))).rejects.toBe(ended);
});
