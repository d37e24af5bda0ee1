import { useId, type ReactNode } from "react";
import type { FieldValues } from "react-hook-form";

import { Loading } from "@/shared/ui/feedback/loading";
import { Failure } from "@/shared/ui/feedback/notice";

import { StepPage } from "../step-page";
import type { StepNumber } from "../steps";
import { useStep } from "../use-step";
import { AutosaveGuard } from "./autosave-guard";
import { AutosaveChanged, AutosaveNote, AutosaveRefused, Restored } from "./autosave-notes";
import { ConflictPanel } from "./conflict-panel";
import type { StepForm } from "./step-form";

/** Shown until the autosave is loaded. */
export function StepLoading({ step, title }: { step: StepNumber; title: string }) {
  return (
    <StepPage step={step} title={title}>
      <Loading />
    </StepPage>
  );
}

interface Props<Form extends FieldValues> {
  step: StepNumber;
  title: string;
  label: string;
  stepForm: StepForm<Form>;
  /** Content that saves itself: photos. */
  beside?: ReactNode;
  children: ReactNode;
}

/** Page of a step with one form: restored values, conflicts, fields, error, button. */
export function StepFormPage<Form extends FieldValues>({
  step,
  title,
  label,
  stepForm,
  beside,
  children,
}: Props<Form>) {
  const { mayWrite } = useStep();
  const id = useId();
  const { autosaveState: state, theirs, restoredAt } = stepForm;
  const calm = mayWrite && theirs === undefined && stepForm.found.length === 0;
  const note = stepForm.waiting ? (
    <p>Нет связи: отправим, когда она появится</p>
  ) : (
    <AutosaveNote state={state} />
  );
  return (
    <StepPage
      step={step}
      title={title}
      note={note}
      next={{ label, form: id, busy: stepForm.busy && !stepForm.waiting, disabled: stepForm.waiting }}
    >
      {calm && restoredAt !== undefined && <Restored at={restoredAt} onRestart={stepForm.restart} />}
      {theirs !== undefined && (
        <AutosaveChanged
          fields={stepForm.fields}
          theirs={theirs}
          mine={stepForm.typed}
          onTake={stepForm.takeTheirs}
          onKeep={stepForm.autosave.writer.keepMine}
        />
      )}
      {stepForm.found.length > 0 && (
        <ConflictPanel
          called={stepForm.called}
          found={stepForm.found}
          onTakeNew={stepForm.takeNew}
          onKeepMine={stepForm.keepMine}
        />
      )}
      <form
        id={id}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          stepForm.submit();
        }}
      >
        <fieldset disabled={!mayWrite} className="grid min-w-0 gap-4">
          <legend className="sr-only">{title}</legend>
          {children}
        </fieldset>
      </form>
      <AutosaveRefused state={state} />
      {stepForm.error !== null && <Failure error={stepForm.error} />}
      {beside}
      <AutosaveGuard autosave={stepForm.autosave} />
    </StepPage>
  );
}
