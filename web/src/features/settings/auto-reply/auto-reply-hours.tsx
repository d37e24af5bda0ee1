import { Plus } from "lucide-react";
import { Controller, useFormContext, useWatch } from "react-hook-form";

import { Button } from "@/shared/ui/button";
import { Field } from "@/shared/ui/form/field";
import { Input, Select } from "@/shared/ui/form/input";
import { Part } from "@/shared/ui/layout/panel";

import { SwitchField } from "../switch-field";
import type { AutoReplyValues } from "./auto-reply-rules";
import { Holidays } from "./holidays";
import { WindowRow } from "./window-row";
import { zonesWith } from "./zones";

const WORKDAYS = { days: [0, 1, 2, 3, 4], start: "09:00", end: "18:00" };

/** Working hours of the auto-reply: always, daily hours, or hours by weekday. */
export function AutoReplyHours({ mayChange }: { mayChange: boolean }) {
  const { control, register, formState } = useFormContext<AutoReplyValues>();
  const { errors } = formState;
  const always = useWatch({ control, name: "auto_reply_always" });
  const zone = useWatch({ control, name: "auto_reply_timezone" });
  return (
    <Part title="Когда отвечать">
      <Field label="Часовой пояс" error={errors.auto_reply_timezone?.message}>
        <Select {...register("auto_reply_timezone")}>
          <option value="">Не выбран</option>
          {zonesWith(zone || null).map(({ zone, name }) => (
            <option key={zone} value={zone}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <SwitchField
        control={control}
        name="auto_reply_always"
        label="Круглосуточно"
        hint="Часы ниже тогда не важны. Выключите, чтобы отвечать, например, только ночью."
        disabled={!mayChange}
      />
      {!always && (
        <>
          <fieldset className="grid min-w-0 gap-2">
            <legend className="mb-2 font-medium">Каждый день</legend>
            <div className="grid grid-cols-2 gap-3">
              <Field label="С" error={errors.auto_reply_start_time?.message}>
                <Input type="time" {...register("auto_reply_start_time")} />
              </Field>
              <Field label="До" error={errors.auto_reply_end_time?.message}>
                <Input type="time" {...register("auto_reply_end_time")} />
              </Field>
            </div>
            <p className="text-sm text-ink-soft">
              Может переходить через полночь: с 21:00 до 09:00 — это ночь. Оставьте пустым, если часы разные
              по дням.
            </p>
          </fieldset>
          <Windows mayChange={mayChange} />
          <Holidays mayChange={mayChange} />
        </>
      )}
    </Part>
  );
}

function Windows({ mayChange }: { mayChange: boolean }) {
  const { control, formState } = useFormContext<AutoReplyValues>();
  const errors = formState.errors.auto_reply_windows;
  return (
    <Controller
      control={control}
      name="auto_reply_windows"
      render={({ field: { value: windows, onChange } }) => (
        <fieldset className="grid min-w-0 gap-3">
          <legend className="mb-2 font-medium">По дням недели</legend>
          {windows.map((window, index) => (
            <WindowRow
              key={index}
              number={index + 1}
              window={window}
              disabled={!mayChange}
              error={
                errors?.[index]?.days?.message ??
                errors?.[index]?.start?.message ??
                errors?.[index]?.end?.message
              }
              onChange={(next) => onChange(windows.with(index, next))}
              onRemove={() => onChange(windows.toSpliced(index, 1))}
            />
          ))}
          {errors?.message !== undefined && (
            <p role="alert" className="text-sm text-danger">
              {errors.message}
            </p>
          )}
          {mayChange && (
            <Button
              look="secondary"
              className="justify-self-start"
              onClick={() => onChange([...windows, WORKDAYS])}
            >
              <Plus aria-hidden />
              Добавить часы
            </Button>
          )}
        </fieldset>
      )}
    />
  );
}
