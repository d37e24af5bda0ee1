import { useWatch, type UseFormReturn } from "react-hook-form";

import { passportHidden } from "@/entities/clients/card";
import { DOCUMENTS } from "@/entities/clients/documents";
import { dateMask } from "@/shared/lib/mask";
import { Button } from "@/shared/ui/button";
import { Field } from "@/shared/ui/form/field";
import { Input, Select, Textarea } from "@/shared/ui/form/input";
import { Part } from "@/shared/ui/layout/panel";

import { masked } from "../form/masked";
import { useStep } from "../use-step";
import { codeMask, isInternal, numberMask, type PassportForm } from "./passport-checks";

interface Props {
  form: UseFormReturn<PassportForm>;
}

const NAMES = { autoComplete: "off", autoCapitalize: "words", spellCheck: false } as const;

export function PassportFields({ form }: Props) {
  const { detail, holder } = useStep();
  if (passportHidden(detail)) {
    return (
      <>
        <Person form={form} />
        <Part title="Документ">
          <p className="text-ink-soft">
            Серию, номер и адрес видит только тот, кто ведёт клиента
            {holder.kind === "other" && `: ${holder.name}`}.
          </p>
        </Part>
      </>
    );
  }
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
      <p className="-mt-2 text-sm text-ink-soft">Пишите точно как в документе, с буквами «ё» и «й».</p>
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

/** The document; its fields follow its type. */
function Paper({ form }: Props) {
  const { errors } = form.formState;
  const internal = isInternal({ document_type: useWatch({ control: form.control, name: "document_type" }) });
  return (
    <Part title="Документ">
      <Field label="Вид документа" error={errors.document_type?.message}>
        <Select {...form.register("document_type")}>
          {Object.entries(DOCUMENTS).map(([document, name]) => (
            <option key={document} value={document}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <div className="grid gap-4 sm:grid-cols-3">
        {internal ? <InternalNumber form={form} /> : <OtherNumber form={form} />}
        <Field label="Дата выдачи" error={errors.issue_date?.message}>
          <Input
            autoComplete="off"
            inputMode="numeric"
            placeholder="ДД.ММ.ГГГГ"
            enterKeyHint="next"
            {...masked(form.register("issue_date"), dateMask)}
          />
        </Field>
        {internal && (
          <Field
            label="Код подразделения"
            optional
            hint="В старых паспортах его может не быть"
            error={errors.issue_code?.message}
          >
            <Input
              autoComplete="off"
              inputMode="numeric"
              placeholder="770-001"
              enterKeyHint="next"
              {...masked(form.register("issue_code"), codeMask)}
            />
          </Field>
        )}
      </div>
      <Field label="Кем выдан" error={errors.issued_by?.message}>
        <Textarea rows={2} autoComplete="off" {...form.register("issued_by")} />
      </Field>
    </Part>
  );
}

function InternalNumber({ form: { register, formState } }: Props) {
  return (
    <Field label="Серия и номер" error={formState.errors.series_number?.message}>
      <Input
        autoComplete="off"
        inputMode="numeric"
        placeholder="0000 000000"
        enterKeyHint="next"
        {...masked(register("series_number"), numberMask)}
      />
    </Field>
  );
}

const CAPITALS = { autoComplete: "off", autoCapitalize: "characters", spellCheck: false } as const;

function OtherNumber({ form: { register, formState } }: Props) {
  const { errors } = formState;
  return (
    <>
      <Field label="Серия" optional hint="Если она напечатана отдельно" error={errors.series?.message}>
        <Input {...CAPITALS} maxLength={20} enterKeyHint="next" {...register("series")} />
      </Field>
      <Field label="Номер" error={errors.number?.message}>
        <Input {...CAPITALS} maxLength={30} enterKeyHint="next" {...register("number")} />
      </Field>
    </>
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
        hint="По штампу в паспорте или отметке о регистрации"
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
