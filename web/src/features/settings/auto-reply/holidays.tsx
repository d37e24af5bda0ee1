import { useState } from "react";
import { Controller, useFormContext } from "react-hook-form";

import { date } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { Field } from "@/shared/ui/form/field";
import { Input } from "@/shared/ui/form/input";

import { Chips } from "../chips";
import type { AutoReplyValues } from "./auto-reply-rules";

/** Days on which the auto-reply works around the clock. */
export function Holidays({ mayChange }: { mayChange: boolean }) {
  const { control, formState } = useFormContext<AutoReplyValues>();
  const [picked, setPicked] = useState("");
  return (
    <Controller
      control={control}
      name="auto_reply_holidays"
      render={({ field: { value: days, onChange } }) => (
        <fieldset className="grid min-w-0 gap-3">
          <legend className="mb-2 font-medium">Выходные и праздники</legend>
          <p className="text-sm text-ink-soft">В эти даты автоответ работает весь день.</p>
          <Chips
            label="Выходные и праздники"
            values={days}
            shown={date}
            disabled={!mayChange}
            onRemove={(day) => onChange(days.filter((one) => one !== day))}
          />
          {mayChange && (
            <div className="flex flex-wrap items-end gap-2">
              <Field
                label="Дата"
                error={formState.errors.auto_reply_holidays?.message}
                className="min-w-40 flex-1"
              >
                <Input type="date" value={picked} onChange={({ target }) => setPicked(target.value)} />
              </Field>
              <Button
                look="secondary"
                disabled={picked === ""}
                onClick={() => {
                  onChange([...new Set([...days, picked])].sort());
                  setPicked("");
                }}
              >
                Добавить дату
              </Button>
            </div>
          )}
        </fieldset>
      )}
    />
  );
}
