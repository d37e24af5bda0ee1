import { Plus, X } from "lucide-react";
import { useId, useRef } from "react";

import { Button } from "@/shared/ui/button";
import { Input } from "@/shared/ui/form/input";

import { packRows, unpackRows, type SpecRow } from "./specs";

const USUAL = [
  "Производитель",
  "Модель",
  "Серийный номер",
  "Процессор",
  "Оперативная память",
  "Диск",
  "Экран",
];

interface Props {
  /** Serialised rows. */
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
}

/** Editable list of names and values. */
export function SpecsRows({ value, onChange, error }: Props) {
  const names = useId();
  const note = useId();
  const list = useRef<HTMLUListElement>(null);
  const rows = unpackRows(value);
  const update = (next: SpecRow[]) => onChange(packRows(next));
  const add = () => {
    update([...rows, { name: "", value: "" }]);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>("li:last-child input")?.focus());
  };
  const change = (at: number, part: Partial<SpecRow>) =>
    update(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));

  return (
    <fieldset className="grid min-w-0 gap-2" aria-describedby={error === undefined ? undefined : note}>
      <legend className="mb-1.5 text-sm font-medium">
        Характеристики<span className="font-normal text-ink-soft"> (необязательно)</span>
      </legend>
      <datalist id={names}>
        {USUAL.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {rows.length > 0 && (
        <ul ref={list} className="grid gap-2">
          {rows.map((row, index) => (
            <li
              key={index}
              className="flex items-center gap-2 rounded-xl border border-line p-2 sm:border-0 sm:p-0"
            >
              <div className="grid flex-1 gap-1.5 sm:grid-cols-2 sm:gap-2">
                <Input
                  aria-label={`Характеристика ${index + 1}: название`}
                  placeholder="Процессор"
                  list={names}
                  value={row.name}
                  onChange={({ target }) => change(index, { name: target.value })}
                />
                <Input
                  aria-label={`Характеристика ${index + 1}: значение`}
                  placeholder="Core i5"
                  value={row.value}
                  onChange={({ target }) => change(index, { value: target.value })}
                />
              </div>
              <Button
                look="quiet"
                size="icon"
                className="shrink-0"
                aria-label={`Убрать характеристику ${index + 1}`}
                onClick={() => update(rows.filter((_, at) => at !== index))}
              >
                <X aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      )}
      {error !== undefined && (
        <p id={note} role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
      <Button look="quiet" className="-ml-3 justify-self-start" onClick={add}>
        <Plus aria-hidden />
        Добавить характеристику
      </Button>
    </fieldset>
  );
}
