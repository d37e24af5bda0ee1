import { zodResolver } from "@hookform/resolvers/zod";
import { Plus, Trash2 } from "lucide-react";
import {
  useFieldArray,
  useForm,
  useFormState,
  useWatch,
  type Control,
  type UseFormRegister,
} from "react-hook-form";

import type { Organisation } from "@/entities/conversations/queries";
import type { Problem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/button";
import { Field } from "@/shared/ui/form/field";
import { Input, Textarea } from "@/shared/ui/form/input";
import { Part } from "@/shared/ui/layout/panel";

import { useMayChange } from "../may-change";
import { FOLLOWING, useOrganisationChange } from "../organisation";
import { SaveBar } from "../save-bar";
import { cannedOf, LONGEST, rowsOf, schema, type CannedValues } from "./canned-rules";

function valuesOf(organisation: Organisation): CannedValues {
  return { rows: rowsOf(organisation.canned_replies) };
}

/** Canned replies, which managers insert by name. */
export function CannedReplies({ organisation }: { organisation: Organisation }) {
  const mayChange = useMayChange();
  const form = useForm<CannedValues>({
    resolver: zodResolver(schema),
    values: valuesOf(organisation),
    resetOptions: FOLLOWING,
    disabled: !mayChange,
  });
  const { control, register, formState, handleSubmit, setError, getValues } = form;
  const { fields, append, remove } = useFieldArray({ control, name: "rows" });
  const place = (problem: Problem) => {
    for (const { loc, msg } of problem.document.errors ?? []) {
      const index = getValues("rows").findIndex(({ name }) => name === loc[2]);
      if (index !== -1) setError(`rows.${index}.text`, { type: "server", message: msg });
    }
  };
  const change = useOrganisationChange(form, { valuesOf, failure: place });
  const { errors, isDirty } = formState;

  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={handleSubmit(({ rows }) => change.send({ canned_replies: cannedOf(rows) }))}
    >
      <Part title="Готовые ответы">
        <p className="text-sm text-ink-soft">
          В переписке готовый ответ вставляется кнопкой, в Telegram — командой «/t имя» в теме диалога. В
          текст можно вставить <code>{"{buyer}"}</code> — имя покупателя, <code>{"{item}"}</code> —
          объявление, <code>{"{price}"}</code> — цену, <code>{"{account}"}</code> — название аккаунта.
        </p>
        <ol aria-label="Готовые ответы" className="grid gap-3">
          {fields.map((field, index) => (
            <Row
              key={field.id}
              index={index}
              control={control}
              register={register}
              onRemove={mayChange ? () => remove(index) : undefined}
            />
          ))}
        </ol>
        {fields.length === 0 && <p className="text-ink-soft">Готовых ответов пока нет.</p>}
        {errors.rows?.root?.message !== undefined && (
          <p role="alert" className="text-sm text-danger">
            {errors.rows.root.message}
          </p>
        )}
        {mayChange && (
          <Button
            look="secondary"
            className="justify-self-start"
            onClick={() => append({ name: "", text: "" }, { focusName: `rows.${fields.length}.name` })}
          >
            <Plus aria-hidden />
            Добавить ответ
          </Button>
        )}
      </Part>
      <SaveBar change={change} dirty={isDirty} fields={[]} errors={errors} />
    </form>
  );
}

interface RowProps {
  index: number;
  control: Control<CannedValues>;
  register: UseFormRegister<CannedValues>;
  onRemove: (() => void) | undefined;
}

function Row({ index, control, register, onRemove }: RowProps) {
  const errors = useFormState({ control }).errors.rows?.[index];
  const text = useWatch({ control, name: `rows.${index}.text` });
  return (
    <li className="grid gap-3 rounded-xl border border-line p-3">
      <div className="flex items-start gap-2">
        <Field label={`Имя ответа ${index + 1}`} error={errors?.name?.message} className="flex-1">
          <Input
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="адрес"
            {...register(`rows.${index}.name`)}
          />
        </Field>
        {onRemove !== undefined && (
          <Button
            look="quiet"
            size="icon"
            aria-label={`Убрать ответ ${index + 1}`}
            className="mt-6.5"
            onClick={onRemove}
          >
            <Trash2 aria-hidden />
          </Button>
        )}
      </div>
      <Field
        label={`Текст ответа ${index + 1}`}
        error={errors?.text?.message}
        hint={`${text.length} из ${LONGEST}`}
      >
        <Textarea rows={3} {...register(`rows.${index}.text`)} />
      </Field>
    </li>
  );
}
