import { describe, expect, it } from "vitest";

import { asked, readSearch } from "./filters";

const ACCOUNT = "00000000-0000-4000-8000-000000000202";

describe("the address of the list", () => {
  it.each([
    [{}, {}],
    [{ show: "unanswered" }, { show: "unanswered" }],
    [{ show: "all" }, {}],
    [{ show: "secret", account: "x" }, {}],
    [
      { show: "closed", account: ACCOUNT },
      { show: "closed", account: ACCOUNT },
    ],
    [{ account: 5 }, {}],
  ])("%j is read as %j", (raw, search) => {
    expect(readSearch(raw)).toEqual(search);
  });
});

describe("what the server is asked for", () => {
  it.each([
    [{ query: "" }, {}],
    [{ query: "ольга" }, { q: "ольга" }],
    [{ query: "", show: "unanswered" }, { unanswered: true }],
    [
      { query: "", show: "failed", account: ACCOUNT },
      { failed: true, account_id: ACCOUNT },
    ],
    [{ query: "", show: "stuck" }, { stuck: true }],
    [{ query: "", show: "closed" }, { state: "closed" }],
  ] as const)("%j is %j", (filter, query) => {
    expect(asked(filter)).toEqual(query);
  });
});
