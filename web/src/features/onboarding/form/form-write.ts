import { useQueryClient } from "@tanstack/react-query";
import type { FieldValues, Path, UseFormReturn } from "react-hook-form";

import { cardQuery, type Card } from "@/entities/clients/card";
import { Problem } from "@/shared/api/problem";
import { keys } from "@/shared/api/queries";

import { useCardWrite, useStep } from "../use-step";

export interface WriteHeaders {
  "Idempotency-Key": string;
  "If-Match"?: string;
}

/** Headers of a write for a version of the card. */
export function headersFor(key: string, version: string | undefined): WriteHeaders {
  return { "Idempotency-Key": key, ...(version === undefined ? {} : { "If-Match": version }) };
}

/** Form fields by the names of body fields. */
export type Places<Form extends FieldValues> = Readonly<Record<string, Path<Form>>>;

/** Refusals that concern one body field, by code, with advice. */
export type FieldRefusals = Readonly<Record<string, { field: string; advice: string }>>;

interface Saving<Form extends FieldValues> {
  save: (clientId: string, form: Form, headers: WriteHeaders) => Promise<Card>;
  places: (form: Form) => Places<Form>;
  refusals?: FieldRefusals;
}

interface On<Form> {
  /** Whether the fields of this form have changed on the server. */
  differs: (card: Card, sent: Form) => boolean;
  saved: (card: Card, sent: Form) => void;
  changed: () => void;
}

/**
 * Saves a form against the version of the card it was opened with. When only other parts of the card have changed
 * (412), the form is sent again for the new version.
 */
export function useFormWrite<Form extends FieldValues>(
  rules: Saving<Form>,
  form: UseFormReturn<Form>,
  on: On<Form>,
) {
  const { clientId, card } = useStep();
  const queries = useQueryClient();

  const saveOnNewest = async (values: Form, key: string): Promise<Card> => {
    const shown = queries.getQueryData<Card>(keys.card(clientId)) ?? card;
    try {
      return await rules.save(clientId, values, headersFor(key, shown.version));
    } catch (problem) {
      if (!isChanged(problem)) throw problem;
      const newest = await queries.query({ ...cardQuery(clientId), staleTime: 0 });
      if (on.differs(newest, values)) throw problem;
      // Same key: a refusal is not stored, and a repeated request has no second effect.
      return rules.save(clientId, values, headersFor(key, newest.version));
    }
  };

  const write = useCardWrite(saveOnNewest, {
    success: on.saved,
    failure: (problem) => {
      if (isChanged(problem)) on.changed();
      else showAtFields(form, rules.places(form.getValues()), rules.refusals, problem);
    },
  });
  const shownAtFields =
    write.error !== null && allPlaced(rules.places(form.getValues()), rules.refusals, write.error);
  return {
    send: write.send,
    busy: write.isPending,
    waiting: write.isPaused,
    error: shownAtFields ? null : write.error,
  };
}

function isChanged(problem: unknown): boolean {
  return problem instanceof Problem && problem.code === "card-changed";
}

function showAtFields<Form extends FieldValues>(
  form: UseFormReturn<Form>,
  places: Places<Form>,
  refusals: FieldRefusals | undefined,
  problem: Problem,
): void {
  const found = Object.entries(places).flatMap(([name, place]) => {
    const message = problem.field(name);
    return message === undefined ? [] : [{ place, message }];
  });
  const refusal = refusals?.[problem.code];
  const place = refusal && places[refusal.field];
  if (refusal !== undefined && place !== undefined) {
    found.push({ place, message: `${problem.message} ${refusal.advice}` });
  }
  for (const { place, message } of found) form.setError(place, { message });
  if (found[0] !== undefined) form.setFocus(found[0].place);
}

function allPlaced<Form extends FieldValues>(
  places: Places<Form>,
  refusals: FieldRefusals | undefined,
  problem: Problem,
): boolean {
  if (refusals !== undefined && problem.code in refusals) return true;
  const errors = problem.document.errors ?? [];
  return errors.length > 0 && errors.every((one) => one.loc[0] === "body" && (one.loc[1] ?? "") in places);
}
