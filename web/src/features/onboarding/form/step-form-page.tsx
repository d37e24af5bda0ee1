import { useId, type ReactNode } from "react";
import type { FieldValues } from "react-hook-form";

import { Failure } from "@/shared/ui/feedback/notice";
import { Loading } from "@/shared/ui/feedback/loading";

import { AutosaveGuard } from "./autosave-guard";
import { AutosaveChanged, AutosaveNote, AutosaveRefused, Restored } from "./autosave-notes";
import { ConflictPanel } from "./conflict-panel";
import { StepPage } from "../step-page";
import type { StepNumber } from "../steps";
import type { StepForm } from "./step-form";
import { useStep } from "../use-step";

/** Until it is known what of the form was typed before. */
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
  /** What stands beside the form and saves itself: photos. */
  beside?: ReactNode;
  children: ReactNode;
}

/** A step that is one form: what was found again, what has changed meanwhile, the fields, the failure, the button. */
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
