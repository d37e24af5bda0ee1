// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import { createElement, type PropsWithChildren } from "react";
import { expect, test } from "vitest";

import type { SchemaStaffMember } from "./generated/schema";
import { meQuery } from "./me";
import { Problem } from "./problem";
import { useWrite } from "./write";

const person = (id: string) => ({ id }) as SchemaStaffMember;

test("what one person began does not go out under the name of the next", async () => {
  const queries = new QueryClient();
  queries.setQueryData(meQuery.queryKey, person("anna"));
  const wrapper = ({ children }: PropsWithChildren) =>
    createElement(QueryClientProvider, { client: queries }, children);
  const written: string[] = [];
  const refused = new Problem({ status: 409, code: "already-so", detail: "Уже отправлено." });
  const { result } = renderHook(
    () =>
      useWrite((text: string) => {
        written.push(text);
        return Promise.reject<undefined>(refused);
      }),
    { wrapper },
  );

  result.current.send("Здравствуйте");
  await waitFor(() => expect(result.current.error).toBe(refused));
  const sent = result.current.variables ?? expect.fail("nothing was sent");

  queries.setQueryData(meQuery.queryKey, person("boris"));
  result.current.repeat(sent);
  await waitFor(() => expect(result.current.error?.code).toBe("not-authenticated"));
  expect(written).toEqual(["Здравствуйте"]);

  queries.setQueryData(meQuery.queryKey, person("anna"));
  result.current.repeat(sent);
  await waitFor(() => expect(written).toEqual(["Здравствуйте", "Здравствуйте"]));
});
