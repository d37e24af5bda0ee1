// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";

import { signedFetch } from "@/shared/api/http";

import { follow } from "./stream";

vi.mock("@/shared/api/http", () => ({ signedFetch: vi.fn() }));

const line = (text: string) => new Response(text);
const HELLO = "event: hello\ndata: {}\n\n";
const BYE = "event: bye\ndata: {}\n\n";

/** Reported states until the second connection. */
async function states(first: () => Response): Promise<boolean[]> {
  const said: boolean[] = [];
  const ended = new AbortController();
  vi.mocked(signedFetch)
    .mockImplementationOnce(() => Promise.resolve(first()))
    .mockImplementation(() => {
      ended.abort();
      return Promise.resolve(line(""));
    });
  vi.stubGlobal("Request", vi.fn());
  const following = follow(
    ended.signal,
    () => undefined,
    (up) => {
      if (!ended.signal.aborted) said.push(up);
    },
  );
  await vi.waitFor(() => {
    window.dispatchEvent(new Event("online"));
    expect(ended.signal.aborted).toBe(true);
  });
  await following;
  return said;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.mocked(signedFetch).mockReset();
});

test("a line that the server ends by itself is opened anew without an alarm", async () => {
  expect(await states(() => line(HELLO + BYE))).toEqual([true, true]);
});

test("a line that breaks is told of", async () => {
  expect(await states(() => line(HELLO))).toEqual([true, false]);
});
