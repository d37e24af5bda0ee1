// @vitest-environment jsdom
import { expect, it } from "vitest";

import type { Message } from "../queries";
import { withNewest } from "./outbox";

const message = (id: string) => ({ id }) as Message;
const thread = (...pages: string[][]) => ({
  pages: pages.map((ids) => ({ messages: ids.map(message) })),
  pageParams: pages.map((_, index) => index),
});

it("a message that was taken is the newest one, once", () => {
  expect(withNewest(thread(["2", "3"], ["1"]), message("4"))).toEqual(thread(["2", "3", "4"], ["1"]));
  expect(withNewest(thread(["2", "3"], ["1"]), message("3"))).toEqual(thread(["2", "3"], ["1"]));
});
