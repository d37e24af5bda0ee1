import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from "react";
import {
  useForm,
  useWatch,
  type DefaultValues,
  type FieldValues,
  type Resolver,
  type UseFormReturn,
} from "react-hook-form";

import type { Card, Detail } from "@/entities/clients/card";
import { say } from "@/shared/ui/overlay/toast";

import { useStep } from "../use-step";
import { useAutosave, type OpenAutosave } from "./autosave";
import type { AutosaveState } from "./autosave-writer";
import { alike, differences, pack, takeNew, unpack, type Described, type Difference } from "./conflict";
import { useFormWrite, type FieldRefusals, type Places, type WriteHeaders } from "./form-write";

/** Describes the form of a step. All values are texts, so that they can be stored and compared. */
export interface StepFormRules<Form extends FieldValues> {
  fields: readonly Described<Form>[];
  fromCard: (detail: Detail) => Form;
  resolver: Resolver<Form>;
  save: (clientId: string, form: Form, headers: WriteHeaders) => Promise<Card>;
  /** For errors of the server. */
  places: (form: Form) => Places<Form>;
  refusals?: FieldRefusals;
  /** When fields are first validated. An error that appears on losing focus can move a button below away from the pointer. */
  mode?: "onTouched" | "onSubmit";
}

interface Options {
  /** Sends unchanged values too: the step is not done yet. */
  needed: boolean;
  /** Toast after saving. */
  done?: string;
  /** Called when the form is saved and its page is still open. */
  onDone: () => void;
}

export interface StepForm<Form extends FieldValues> {
  form: UseFormReturn<Form>;
  fields: readonly Described<Form>[];
  autosave: OpenAutosave;
  autosaveState: AutosaveState;
  typed: Form;
  theirs: Form | undefined;
  takeTheirs: () => void;
  restoredAt: string | undefined;
  restart: () => void;
  found: readonly Difference<Form>[];
  takeNew: () => void;
  keepMine: () => void;
  /** How often the manager tried to continue with an unresolved conflict. */
  called: number;
  submit: () => void;
  busy: boolean;
  waiting: boolean;
  error: unknown;
}

const whole = <Form>(values: Form): Form => values;

export function useStepForm<Form extends FieldValues & Record<keyof Form, string>>(
  rules: StepFormRules<Form>,
  autosave: OpenAutosave,
  { needed, done, onDone }: Options,
): StepForm<Form> {
  const { detail, mayWrite } = useStep();
  const { fields, fromCard } = rules;
  const current = useMemo(() => fromCard(detail), [fromCard, detail]);
  const [begun] = useState(() => begin(autosave, current, fields));
  const [base, setBase] = useState(begun.base);
  const [restoredAt, setRestoredAt] = useState(begun.restoredAt);
  const form = useForm<Form>({
    // The library's type; every field has a value.
    defaultValues: begun.typed as DefaultValues<Form>,
    resolver: rules.resolver,
    mode: rules.mode ?? "onTouched",
  });
  const typed = useWatch({ control: form.control, compute: whole<Form> });
  const [called, setCalled] = useState(0);
  const callToConflict = () => setCalled((times) => times + 1);
  const mounted = useMounted();

  const dirty = !alike(fields, typed, base);
  const moved = !alike(fields, base, current);
  const { reset } = form;
  // An untouched form follows the card; a changed one shows the conflict.
  useEffect(() => {
    if (moved && !dirty) reset(current);
  }, [moved, dirty, current, reset]);
  if (moved && alike(fields, typed, current)) setBase(current);

  const found = useMemo(() => differences(fields, base, current, typed), [fields, base, current, typed]);
  const packed = useMemo(() => (dirty ? pack(typed, base) : null), [dirty, typed, base]);
  const autosaveState = useAutosave(autosave, packed);
  const theirs = useMemo(
    () => (autosaveState.kind === "changed" ? unpack(autosaveState.theirs.values, current) : undefined),
    [autosaveState, current],
  );

  const begunAnew = useCallback(
    (values: Form, from: Form) => {
      reset(values);
      setBase(from);
    },
    [reset],
  );
  const write = useFormWrite(rules, form, {
    differs: (card, sent) => differences(fields, base, fromCard(card.detail), sent).length > 0,
    saved: (card, sent) => {
      const saved = fromCard(card.detail);
      setBase(saved);
      // Edited while the request was pending: the new values are not sent yet.
      if (!alike(fields, form.getValues(), sent)) return;
      reset(saved);
      autosave.writer.discard();
      if (done !== undefined) say(done);
      if (mounted.current) onDone();
    },
    changed: callToConflict,
  });
  const submit = (values: Form) => {
    if (found.length > 0) callToConflict();
    else if (!needed && alike(fields, values, current)) onDone();
    else write.send(values);
  };

  return {
    form,
    fields,
    autosave,
    autosaveState,
    typed,
    theirs: theirs?.typed,
    takeTheirs: () => {
      if (theirs === undefined) return;
      begunAnew(theirs.typed, theirs.base);
      autosave.writer.takeTheirs();
    },
    restoredAt,
    restart: () => {
      begunAnew(current, current);
      setRestoredAt(undefined);
    },
    // A card held by another manager hides some values, which is not a change.
    found: dirty && mayWrite ? found : [],
    takeNew: () => begunAnew(takeNew(found, current, typed), current),
    keepMine: () => setBase(current),
    called,
    submit: () => void form.handleSubmit(submit)(),
    busy: write.busy,
    waiting: write.waiting,
    error: found.length > 0 ? null : write.error,
  };
}

interface Begun<Form> {
  typed: Form;
  base: Form;
  restoredAt: string | undefined;
}

function begin<Form extends Record<keyof Form, string>>(
  { found }: OpenAutosave,
  current: Form,
  fields: readonly Described<Form>[],
): Begun<Form> {
  const fresh = { typed: current, base: current, restoredAt: undefined };
  if (found === null) return fresh;
  const kept = unpack(found.values, current);
  return alike(fields, kept.typed, current) ? fresh : { ...kept, restoredAt: found.updated_at };
}

function useMounted(): RefObject<boolean> {
  const mounted = useRef(false);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  return mounted;
}
