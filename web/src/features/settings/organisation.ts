import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";

import { api, ask } from "@/shared/api/http";
import type { Problem } from "@/shared/api/problem";
import { keys } from "@/shared/api/queries";
import type { SchemaChanges } from "@/shared/api/generated/schema";
import { useWrite } from "@/shared/api/write";
import type { Organisation } from "@/entities/conversations/queries";
import { say } from "@/shared/ui/overlay/toast";

import { typedSince } from "./typed-since";

/** For a form that follows the organisation: what was typed stays, and is still to be saved. */
export const FOLLOWING = { keepDirtyValues: true, keepDirty: true } as const;
/** `reset` would otherwise do as `FOLLOWING` says. */
const WHOLE = { keepDirtyValues: false, keepDirty: false } as const;

interface On<Values> {
  valuesOf: (organisation: Organisation) => Values;
  failure: (problem: Problem) => void;
}

/** Changes what is named, and nothing else, of the organisation; the form is then as the server has it. */
export function useOrganisationChange<Values extends FieldValues>(
  { getValues, reset }: Pick<UseFormReturn<Values>, "getValues" | "reset">,
  { valuesOf, failure }: On<Values>,
) {
  const queries = useQueryClient();
  const sent = useRef<Values>(undefined);
  const change = useWrite<Partial<SchemaChanges>, Organisation>(
    (changes, key) =>
      ask(
        api.PATCH("/api/clients/me", {
          params: { header: { "Idempotency-Key": key } },
          body: changes,
        }),
      ),
    {
      success: (organisation) => {
        const typed = typedSince(sent.current, getValues());
        queries.setQueryData(keys.organisation, organisation);
        const saved = valuesOf(organisation);
        reset(saved, WHOLE);
        if (typed.length > 0)
          reset({ ...saved, ...Object.fromEntries(typed) }, { ...WHOLE, keepDefaultValues: true });
        say("Сохранено");
      },
      failure,
    },
  );
  const send = (changes: Partial<SchemaChanges>) => {
    sent.current = structuredClone(getValues());
    change.send(changes);
  };
  return { ...change, send };
}
