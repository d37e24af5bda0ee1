import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";

import type { Organisation } from "@/entities/conversations/queries";
import type { SchemaChanges } from "@/shared/api/generated/schema";
import { api, ask } from "@/shared/api/http";
import type { Problem } from "@/shared/api/problem";
import { keys } from "@/shared/api/queries";
import { useWrite } from "@/shared/api/write";
import { say } from "@/shared/ui/overlay/toast";

import { typedSince } from "./typed-since";

/** Reset options of a form that follows the organisation: typed values stay and remain dirty. */
export const FOLLOWING = { keepDirtyValues: true, keepDirty: true } as const;
/** Overrides `FOLLOWING` for `reset`. */
const WHOLE = { keepDirtyValues: false, keepDirty: false } as const;

interface On<Values> {
  valuesOf: (organisation: Organisation) => Values;
  failure: (problem: Problem) => void;
}

/** Changes the given fields of the organisation, then resets the form to the server's values. */
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
