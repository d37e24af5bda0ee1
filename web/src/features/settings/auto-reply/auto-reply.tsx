import { zodResolver } from "@hookform/resolvers/zod";
import { FormProvider, useForm, useWatch, type Path } from "react-hook-form";

import type { Organisation } from "@/entities/conversations/queries";
import { Notice } from "@/shared/ui/feedback/notice";
import { Field } from "@/shared/ui/form/field";
import { Input, Select, Textarea } from "@/shared/ui/form/input";
import { Part } from "@/shared/ui/layout/panel";

import { useMayChange } from "../may-change";
import { FOLLOWING, useOrganisationChange } from "../organisation";
import { SaveBar } from "../save-bar";
import { showFieldErrors } from "../show-field-errors";
import { SwitchField } from "../switch-field";
import { AutoReplyHours } from "./auto-reply-hours";
import { changesOf, LONGEST, schema, valuesOf, type AutoReplyValues } from "./auto-reply-rules";

const FIELDS = Object.keys(schema.shape) as Path<AutoReplyValues>[];

export function AutoReply({ organisation }: { organisation: Organisation }) {
  const mayChange = useMayChange();
  const form = useForm<AutoReplyValues>({
    resolver: zodResolver(schema),
    values: valuesOf(organisation),
    resetOptions: FOLLOWING,
    disabled: !mayChange,
  });
  const { control, register, formState, handleSubmit, setError } = form;
  const { errors, isDirty } = formState;
  const change = useOrganisationChange(form, {
    valuesOf,
    failure: (problem) => showFieldErrors(problem, FIELDS, setError),
  });
  const text = useWatch({ control, name: "auto_reply_text" });

  return (
    <FormProvider {...form}>
      <form
        noValidate
        className="grid gap-4"
        onSubmit={handleSubmit((values) => change.send(changesOf(values)))}
      >
        <Now organisation={organisation} dirty={isDirty} />
        <Part title="Автоответ">
          <SwitchField
            control={control}
            name="auto_reply_enabled"
            label="Отвечать автоматически"
            hint="Если сотрудник не ответил за время задержки, покупатель получит готовый текст."
            disabled={!mayChange}
          />
          <Field
            label="Текст автоответа"
            error={errors.auto_reply_text?.message}
            hint={`${text.length} из ${LONGEST}`}
          >
            <Textarea rows={4} {...register("auto_reply_text")} />
          </Field>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="На какие сообщения отвечать" error={errors.auto_reply_mode?.message}>
              <Select {...register("auto_reply_mode")}>
                <option value="always">На любые, один раз за период</option>
                <option value="first">Только на первое в диалоге</option>
              </Select>
            </Field>
            <Field
              label="Задержка, секунд"
              hint="Столько времени у сотрудника, чтобы ответить самому."
              error={errors.auto_reply_delay_seconds?.message}
            >
              <Input
                type="number"
                inputMode="numeric"
                min={1}
                max={3600}
                {...register("auto_reply_delay_seconds", { valueAsNumber: true })}
              />
            </Field>
          </div>
        </Part>
        <AutoReplyHours mayChange={mayChange} />
        <SaveBar change={change} dirty={isDirty} fields={FIELDS} errors={errors} />
      </form>
    </FormProvider>
  );
}

function Now({ organisation, dirty }: { organisation: Organisation; dirty: boolean }) {
  const { answer, because } = organisation.auto_reply_now;
  return (
    <Notice kind={answer ? "good" : "info"} title={`Сейчас ответили бы: ${answer ? "да" : "нет"}`}>
      <p>{because}</p>
      {dirty && <p>Это по сохранённым настройкам: сохраните изменения, чтобы увидеть новый ответ.</p>}
    </Notice>
  );
}
