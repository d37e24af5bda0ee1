import { zodResolver } from "@hookform/resolvers/zod";
import { Controller, useForm } from "react-hook-form";
import { z } from "zod";

import type { Organisation } from "@/entities/conversations/queries";
import { visible } from "@/shared/lib/typed";
import { Field } from "@/shared/ui/form/field";
import { Input, Select } from "@/shared/ui/form/input";
import { Part } from "@/shared/ui/layout/panel";

import { useMayChange } from "../may-change";
import { FOLLOWING, useOrganisationChange } from "../organisation";
import { SaveBar } from "../save-bar";
import { showFieldErrors } from "../show-field-errors";
import { SwitchField } from "../switch-field";
import { Keywords } from "./keywords";

const WEEK = 7 * 24 * 60;
const MINUTES = `От 1 до ${WEEK} минут, то есть не больше недели.`;

const schema = z.object({
  mark_read: z.enum(["on_delivery", "on_answer", "never"]),
  unanswered_minutes: z
    .string()
    .overwrite(visible)
    .refine(
      (text) => text === "" || (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= WEEK),
      MINUTES,
    ),
  hide_system_messages: z.boolean(),
  filter_keywords: z.array(z.string()).max(200, "Слов может быть не больше 200."),
});
type Values = z.infer<typeof schema>;

const FIELDS = ["mark_read", "unanswered_minutes", "hide_system_messages", "filter_keywords"] as const;

function valuesOf(organisation: Organisation): Values {
  return {
    mark_read: organisation.mark_read,
    unanswered_minutes: String(organisation.unanswered_minutes ?? ""),
    hide_system_messages: organisation.hide_system_messages,
    filter_keywords: organisation.filter_keywords,
  };
}

/** Which messages are shown, and when managers are reminded of them. */
export function MessageRules({ organisation }: { organisation: Organisation }) {
  const mayChange = useMayChange();
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    values: valuesOf(organisation),
    resetOptions: FOLLOWING,
    disabled: !mayChange,
  });
  const { control, register, formState, handleSubmit, setError } = form;
  const { errors, isDirty } = formState;
  const change = useOrganisationChange(form, {
    valuesOf,
    failure: (problem) => showFieldErrors<Values>(problem, FIELDS, setError),
  });
  const save = handleSubmit(({ unanswered_minutes: minutes, ...values }) =>
    change.send({ ...values, unanswered_minutes: minutes === "" ? null : Number(minutes) }),
  );

  return (
    <form noValidate className="grid gap-4" onSubmit={save}>
      <Part title="Напоминания и отметки">
        <Field
          label="Напомнить, если нет ответа, минут"
          hint="Напоминание придёт в тему диалога в Telegram, а через столько же ещё раз — владельцу. Пусто — не напоминать."
          error={errors.unanswered_minutes?.message}
        >
          <Input inputMode="numeric" {...register("unanswered_minutes")} />
        </Field>
        <Field
          label="Отмечать чат прочитанным на Avito"
          hint="Покупатель увидит, что сообщение прочитано."
          error={errors.mark_read?.message}
        >
          <Select {...register("mark_read")}>
            <option value="on_delivery">Когда сообщение пришло в Telegram</option>
            <option value="on_answer">Когда сотрудник ответил</option>
            <option value="never">Никогда</option>
          </Select>
        </Field>
      </Part>
      <Part title="Что не показывать">
        <SwitchField
          control={control}
          name="hide_system_messages"
          label="Скрывать служебные сообщения Avito"
          hint="Например, подсказки о безопасной сделке."
          disabled={!mayChange}
        />
        <Controller
          control={control}
          name="filter_keywords"
          render={({ field }) => (
            <Keywords
              words={field.value}
              error={errors.filter_keywords?.message}
              disabled={!mayChange}
              onChange={field.onChange}
            />
          )}
        />
      </Part>
      <SaveBar change={change} dirty={isDirty} fields={FIELDS} errors={errors} />
    </form>
  );
}
