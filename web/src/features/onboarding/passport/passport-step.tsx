import { useNavigate } from "@tanstack/react-router";

import { useOpenAutosave, type OpenAutosave } from "../form/autosave";
import { useStepForm } from "../form/step-form";
import { StepFormPage, StepLoading } from "../form/step-form-page";
import { useStep } from "../use-step";
import { PassportFields } from "./passport-fields";
import { PASSPORT, passportMissing } from "./passport-form";
import { PassportPhoto } from "./passport-photo";

const TITLE = "Паспорт";

export function PassportStep() {
  const autosave = useOpenAutosave("passport");
  if (autosave === undefined) return <StepLoading step={2} title={TITLE} />;
  return <PassportPage autosave={autosave} />;
}

function PassportPage({ autosave }: { autosave: OpenAutosave }) {
  const { clientId, detail } = useStep();
  const navigate = useNavigate();
  const stepForm = useStepForm(PASSPORT, autosave, {
    needed: passportMissing(detail),
    done: "Паспорт сохранён",
    onDone: () => void navigate({ to: "/clients/$clientId/step/3", params: { clientId } }),
  });
  return (
    <StepFormPage
      step={2}
      title={TITLE}
      label="Сохранить и дальше"
      stepForm={stepForm}
      beside={<PassportPhoto />}
    >
      <PassportFields form={stepForm.form} />
    </StepFormPage>
  );
}
