// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import { createElement, type PropsWithChildren } from "react";
import { afterEach, expect, test, vi } from "vitest";

import { keys } from "@/shared/api/queries";
import { follow } from "@/shared/live/stream";

import { useLive } from "./live";

vi.mock("@/shared/live/stream", () => ({ follow: vi.fn() }));

afterEach(() => {
  vi.mocked(follow).mockReset();
});

/** Exactly the `wanted` queries are invalidated by the event. */
async function expectAskedAgain(kind: string, id: string | undefined, wanted: string[]): Promise<void> {
  vi.mocked(follow).mockImplementation((_signal, onChange) => {
    onChange({ kind, id });
    return Promise.resolve();
  });
  const queries = new QueryClient();
  const shown: Record<string, readonly unknown[]> = {
    me: keys.me,
    card: keys.card("c1"),
    other: keys.card("c2"),
    conversations: keys.conversations,
  };
  for (const key of Object.values(shown)) queries.setQueryData(key, {});
  const wrapper = ({ children }: PropsWithChildren) =>
    createElement(QueryClientProvider, { client: queries }, children);
  renderHook(() => useLive(), { wrapper });
  const again = () =>
    Object.keys(shown).filter((name) => queries.getQueryState(shown[name] ?? [])?.isInvalidated === true);
  await waitFor(() => expect(again()).toEqual(wanted));
}

test("with a new line all that is shown may be old, also what one may do", async () => {
  await expectAskedAgain("hello", undefined, ["me", "card", "other", "conversations"]);
});

test("a change of one client asks for no other", async () => {
  await expectAskedAgain("client", "c1", ["card"]);
});
