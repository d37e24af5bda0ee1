import { useEffect, useRef } from "react";

import { Button } from "@/shared/ui/button";
import { Notice } from "@/shared/ui/feedback/notice";

import type { Difference } from "./conflict";

interface Row {
  label: string;
  values: { name: string; value: string }[];
}

/** Values of fields side by side, with their sources. */
export function Compared({ rows }: { rows: Row[] }) {
  return (
    <ul className="mt-2 grid gap-2 text-ink">
      {rows.map(({ label, values }) => (
        <li key={label} className="rounded-lg bg-surface p-3">
          <p className="font-semibold">{label}</p>
          <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
            {values.map(({ name, value }) => (
              <div key={name} className="contents">
                <dt className="text-ink-soft">{name}</dt>
                <dd className="wrap-anywhere whitespace-pre-line">{value === "" ? "— пусто —" : value}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

interface Props<Form> {
  found: readonly Difference<Form>[];
  onTakeNew: () => void;
  onKeepMine: () => void;
  /** Incremented when the manager tries to continue; moves focus to the panel. */
  called: number;
}

/** Conflict between the form and a changed card: old, new and typed values. */
export function ConflictPanel<Form>({ found, onTakeNew, onKeepMine, called }: Props<Form>) {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (called > 0) panel.current?.focus();
  }, [called]);
  return (
    <div
      ref={panel}
      tabIndex={-1}
      role="group"
      aria-label="Изменения в карточке"
      className="scroll-mt-20 rounded-xl"
    >
      <Notice kind="warn" title="Пока вы заполняли, данные изменили">
        <p>Ничего не потеряно. Сравните и выберите, что оставить, потом продолжите.</p>
        <Compared
          rows={found.map(({ field, was, now, mine }) => ({
            label: field.label,
            values: [
              { name: "Было", value: was },
              { name: "Стало", value: now },
              { name: "У вас", value: mine },
            ],
          }))}
        />
        <div className="mt-3 flex flex-wrap gap-2">
          <Button look="secondary" onClick={onTakeNew}>
            Взять новые
          </Button>
          <Button look="secondary" onClick={onKeepMine}>
            Оставить мои
          </Button>
        </div>
      </Notice>
    </div>
  );
}
