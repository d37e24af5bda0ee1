import { Trash2 } from "lucide-react";

import { Button } from "@/shared/ui/button";
import { Field } from "@/shared/ui/form/field";
import { Input } from "@/shared/ui/form/input";

import type { AutoReplyValues } from "./auto-reply-rules";

type Window = AutoReplyValues["auto_reply_windows"][number];

const DAYS = [
  ["Пн", "понедельник"],
  ["Вт", "вторник"],
  ["Ср", "среда"],
  ["Чт", "четверг"],
  ["Пт", "пятница"],
  ["Сб", "суббота"],
  ["Вс", "воскресенье"],
] as const;

interface Props {
  number: number;
  window: Window;
  disabled: boolean;
  error: string | undefined;
  onChange: (window: Window) => void;
  onRemove: () => void;
}

/** Hours for some days of the week. */
export function WindowRow({ number, window, disabled, error, onChange, onRemove }: Props) {
  const toggle = (day: number) =>
    onChange({
      ...window,
      days: window.days.includes(day)
        ? window.days.filter((one) => one !== day)
        : [...window.days, day].sort((a, b) => a - b),
    });
  return (
    <div role="group" aria-label={`Часы ${number}`} className="grid gap-3 rounded-xl border border-line p-3">
      <div role="group" aria-label="Дни недели" className="flex flex-wrap gap-1">
        {DAYS.map(([short, long], day) => (
          <button
            key={short}
            type="button"
            aria-label={long}
            aria-pressed={window.days.includes(day)}
            disabled={disabled}
            onClick={() => toggle(day)}
            className="size-11 rounded-xl border border-line-strong bg-surface text-sm aria-pressed:border-accent aria-pressed:bg-accent aria-pressed:font-semibold aria-pressed:text-white"
          >
            {short}
          </button>
        ))}
      </div>
      <div className="grid grid-cols-[1fr_1fr_auto] items-end gap-3">
        <Field label="С">
          <Input
            type="time"
            disabled={disabled}
            value={window.start}
            onChange={({ target }) => onChange({ ...window, start: target.value })}
          />
        </Field>
        <Field label="До">
          <Input
            type="time"
            disabled={disabled}
            value={window.end}
            onChange={({ target }) => onChange({ ...window, end: target.value })}
          />
        </Field>
        <Button
          look="quiet"
          size="icon"
          aria-label={`Убрать часы ${number}`}
          disabled={disabled}
          onClick={onRemove}
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
      {error !== undefined && (
        <p role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
