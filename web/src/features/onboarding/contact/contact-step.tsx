import { useNavigate } from "@tanstack/react-router";

import { phoneMask, typedPhoneMask } from "@/shared/lib/mask";
import { Field } from "@/shared/ui/form/field";
import { Input } from "@/shared/ui/form/input";
import { Panel } from "@/shared/ui/layout/panel";

import { useOpenAutosave, type OpenAutosave } from "../form/autosave";
import { masked } from "../form/masked";
import { useStepForm } from "../form/step-form";
import { StepFormPage, StepLoading } from "../form/step-form-page";
import { useStep } from "../use-step";
import { AddressFields } from "./address-fields";
import { CONTACT, contactFrom } from "./contact-form";

const TITLE = "Контактные данные";

export function ContactStep() {
  const autosave = useOpenAutosave("profile");
  if (autosave === undefined) return <StepLoading step={1} title={TITLE} />;
  return <ContactPage autosave={autosave} />;
}

function ContactPage({ autosave }: { autosave: OpenAutosave }) {
  const { clientId, detail } = useStep();
  const navigate = useNavigate();
  const stepForm = useStepForm(CONTACT, autosave, {
    needed: detail.next_step === "profile",
    done: "Контактные данные сохранены",
    onDone: () => void navigate({ to: "/clients/$clientId/step/2", params: { clientId } }),
  });
  const { form, typed } = stepForm;
  const { errors } = form.formState;
  const known = contactFrom(detail);
  const moved = typed.phone !== known.phone || typed.email !== known.email;
  return (
    <StepFormPage step={1} title={TITLE} label="Сохранить и дальше" stepForm={stepForm}>
      <Panel className="grid gap-4">
        <Field label="Имя клиента" hint="Как к нему обращаться" error={errors.name?.message}>
          <Input autoComplete="off" autoCapitalize="words" enterKeyHint="next" {...form.register("name")} />
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Телефон" error={errors.phone?.message}>
            <Input
              type="tel"
              inputMode="tel"
              autoComplete="off"
              placeholder="+7 900 000-00-00"
              enterKeyHint="next"
              {...masked(form.register("phone"), typedPhoneMask, phoneMask)}
            />
          </Field>
          <Field label="Электронная почта" optional error={errors.email?.message}>
            <Input
              type="email"
              inputMode="email"
              autoComplete="off"
              autoCapitalize="none"
              enterKeyHint="next"
              {...form.register("email")}
            />
          </Field>
        </div>
        <p aria-live="polite" className="text-sm text-ink-soft empty:hidden">
          {moved &&
            "Входить в своё приложение клиент будет по-прежнему, пока сам не подтвердит новый телефон или почту."}
        </p>
      </Panel>
      <AddressFields form={form} typed={typed} />
    </StepFormPage>
  );
}
