import type { UseFormReturn } from "react-hook-form";

import { dateMask } from "@/shared/lib/mask";
import { Button } from "@/shared/ui/button";
import { Field } from "@/shared/ui/form/field";
import { Input, Textarea } from "@/shared/ui/form/input";
import { Part } from "@/shared/ui/layout/panel";

import { masked } from "../form/masked";
import { useStep } from "../use-step";
import { codeMask, numberMask, type PassportForm } from "./passport-checks";

interface Props {
  form: UseFormReturn<PassportForm>;
}

const NAMES = { autoComplete: "off", autoCapitalize: "words", spellCheck: false } as const;

export function PassportFields({ form }: Props) {
  return (
    <>
      <Person form={form} />
      <Paper form={form} />
      <Registration form={form} />
    </>
  );
}

function Person({ form: { register, formState } }: Props) {
  const { errors } = formState;
  return (
    <Part title="ФИО">
      <p className="-mt-2 text-sm text-ink-soft">Пишите точно как в паспорте, с буквами «ё» и «й».</p>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label="Фамилия" error={errors.last_name?.message}>
          <Input {...NAMES} enterKeyHint="next" {...register("last_name")} />
        </Field>
        <Field label="Имя" error={errors.first_name?.message}>
          <Input {...NAMES} enterKeyHint="next" {...register("first_name")} />
        </Field>
        <Field label="Отчество" optional error={errors.middle_name?.message}>
          <Input {...NAMES} enterKeyHint="next" {...register("middle_name")} />
        </Field>
      </div>
    </Part>
  );
}

function Paper({ form: { register, formState } }: Props) {
  const { mayWrite } = useStep();
  const { errors } = formState;
  return (
    <Part title="Документ">
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label="Серия и номер" error={errors.series_number?.message}>
          <Input
            autoComplete="off"
            inputMode="numeric"
            placeholder={mayWrite ? "0000 000000" : "Скрыты"}
            enterKeyHint="next"
            {...masked(register("series_number"), numberMask)}
          />
        </Field>
        <Field label="Дата выдачи" error={errors.issue_date?.message}>
          <Input
            autoComplete="off"
            inputMode="numeric"
            placeholder="ДД.ММ.ГГГГ"
            enterKeyHint="next"
            {...masked(register("issue_date"), dateMask)}
          />
        </Field>
        <Field label="Код подразделения" error={errors.issue_code?.message}>
          <Input
            autoComplete="off"
            inputMode="numeric"
            placeholder="000-000"
            enterKeyHint="next"
            {...masked(register("issue_code"), codeMask)}
          />
        </Field>
      </div>
      <Field label="Кем выдан" error={errors.issued_by?.message}>
        <Textarea rows={2} autoComplete="off" {...register("issued_by")} />
      </Field>
    </Part>
  );
}

function Registration({ form }: Props) {
  const { detail, mayWrite } = useStep();
  const address = detail.user.address ?? "";
  const copy = () =>
    form.setValue("registration_address", address, { shouldValidate: true, shouldTouch: true });
  return (
    <Part title="Регистрация">
      <Field
        label="Адрес регистрации"
        hint="По штампу в паспорте"
        error={form.formState.errors.registration_address?.message}
      >
        <Textarea autoComplete="off" {...form.register("registration_address")} />
      </Field>
      {mayWrite && address !== "" && (
        <Button look="quiet" className="-ml-4 justify-self-start whitespace-normal" onClick={copy}>
          Такой же, как в контактах
        </Button>
      )}
    </Part>
  );
}
