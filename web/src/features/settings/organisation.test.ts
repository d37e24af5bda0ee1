// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { createElement, type ReactNode } from "react";
import { useFieldArray, useForm } from "react-hook-form";
import { afterEach, expect, test, vi } from "vitest";

import type { Organisation } from "@/entities/conversations/queries";
import type { SchemaStaffMember } from "@/shared/api/generated/schema";
import { meQuery } from "@/shared/api/me";

import { FOLLOWING, useOrganisationChange } from "./organisation";

interface Values {
  mode: string;
  rows: { name: string }[];
}

const valuesOf = (organisation: Organisation): Values => ({
  mode: organisation.mark_read,
  rows: Object.keys(organisation.canned_replies).map((name) => ({ name })),
});
const organisation = (mark_read: string, ...names: string[]) =>
  ({ mark_read, canned_replies: Object.fromEntries(names.map((name) => [name, "."])) }) as Organisation;

function opened(first: Organisation) {
  const queries = new QueryClient();
  queries.setQueryData(meQuery.queryKey, { id: "me" } as SchemaStaffMember);
  const wrapper = ({ children }: { children: ReactNode }) =>
    createElement(QueryClientProvider, { client: queries }, children);
  return renderHook(
    ({ shown }) => {
      const form = useForm<Values>({ values: valuesOf(shown), resetOptions: FOLLOWING });
      const { fields, append } = useFieldArray({ control: form.control, name: "rows" });
      form.register("mode");
      const { isDirty } = form.formState;
      const change = useOrganisationChange(form, { valuesOf, failure: () => undefined });
      return { form, fields, append, isDirty, change };
    },
    { wrapper, initialProps: { shown: first } },
  );
}

afterEach(() => vi.unstubAllGlobals());

test("what is typed while the rest is being saved stays, and is still to be saved", async () => {
  let answer: (response: Response) => void = () => undefined;
  vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => (answer = resolve)));
  const { result, rerender } = opened(organisation("never", "адрес"));

  act(() => result.current.form.setValue("mode", "on_answer", { shouldDirty: true }));
  act(() => result.current.change.send({ mark_read: "on_answer" }));
  act(() => result.current.append({ name: "цена" }));
  const saved = organisation("on_answer", "адрес");
  await waitFor(() => expect(result.current.change.isPending).toBe(true));
  answer(Response.json(saved));
  await waitFor(() => expect(result.current.change.isSuccess).toBe(true));
  rerender({ shown: saved });

  expect(result.current.form.getValues()).toEqual({
    mode: "on_answer",
    rows: [{ name: "адрес" }, { name: "цена" }],
  });
  expect(result.current.fields.map(({ name }) => name)).toEqual(["адрес", "цена"]);
  expect(result.current.isDirty).toBe(true);
});

test("another manager's change keeps typed values and leaves them unsaved", () => {
  const { result, rerender } = opened(organisation("never", "адрес"));
  act(() => result.current.form.setValue("mode", "on_answer", { shouldDirty: true }));
  rerender({ shown: organisation("never", "адрес", "цена") });
  expect(result.current.form.getValues("mode")).toBe("on_answer");
  expect(result.current.fields.map(({ name }) => name)).toEqual(["адрес", "цена"]);
  expect(result.current.isDirty).toBe(true);
});

test("what has been saved whole is not asked to be saved again", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json(organisation("on_answer"))));
  const { result, rerender } = opened(organisation("never"));
  act(() => result.current.form.setValue("mode", "on_answer", { shouldDirty: true }));
  act(() => result.current.change.send({ mark_read: "on_answer" }));
  await waitFor(() => expect(result.current.change.isSuccess).toBe(true));
  rerender({ shown: organisation("on_answer") });
  expect(result.current.isDirty).toBe(false);
});
