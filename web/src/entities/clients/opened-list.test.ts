// @vitest-environment jsdom
import { renderHook, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { forgetList, lastOpenedClient, rememberList, useAdjacentClients } from "./opened-list";

const asked: URL[] = [];

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(new URL(request.url));
    return Promise.resolve(Response.json([{ id: "c" }, { id: "d" }]));
  });
});

afterEach(() => {
  forgetList();
  vi.unstubAllGlobals();
});

test("from card to card one gets over the end of the page that the list had read", async () => {
  rememberList({
    tab: "in_work",
    scope: "team",
    query: "анна",
    ids: ["a", "b", "c"],
    next: "page-2",
    total: 4,
  });
  const { result, rerender } = renderHook(({ id }) => useAdjacentClients(id), { initialProps: { id: "a" } });
  expect(result.current).toEqual({ next: "b", position: "1 из 4" });
  expect(asked).toEqual([]);

  rerender({ id: "c" });
  await waitFor(() => expect(result.current).toEqual({ previous: "b", next: "d", position: "3 из 4" }));

  expect(asked.map(({ searchParams }) => Object.fromEntries(searchParams))).toEqual([
    { tab: "in_work", scope: "team", q: "анна", include: "next_step", cursor: "page-2" },
  ]);
  expect(lastOpenedClient()).toBe("c");
});

test("the next person at the device finds nothing of the list", () => {
  rememberList({ tab: "new", scope: "mine", query: "", ids: ["a", "b"], next: undefined, total: 2 });
  forgetList();
  expect(renderHook(() => useAdjacentClients("a")).result.current).toEqual({});
});
