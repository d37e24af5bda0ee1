import { expect, it } from "vitest";

import { accountChanges, newAccount } from "./account-rules";

const VALUES = { name: "", api_client_id: "id", api_client_secret: "secret", bot_id: "1" };

it.each([
  [{}, []],
  [{ api_client_id: "" }, ["api_client_id"]],
  [{ api_client_secret: "два слова" }, ["api_client_secret"]],
  [{ bot_id: "" }, ["bot_id"]],
])("a new account with %j is wrong in %j", (changes, places) => {
  const issues = newAccount.safeParse({ ...VALUES, ...changes }).error?.issues ?? [];
  expect([...new Set(issues.map(({ path }) => path.join(".")))]).toEqual(places);
});

it.each([
  [{ api_client_secret: "" }, true],
  [{ api_client_id: "other", api_client_secret: "" }, false],
  [{ api_client_id: "other" }, true],
])("an account may be changed by %j: %s", (changes, right) => {
  expect(accountChanges("id").safeParse({ ...VALUES, ...changes }).success).toBe(right);
});
