import type { ReactNode } from "react";

import { cn } from "@/shared/lib/cn";

const whole = new Intl.NumberFormat("ru-RU");

interface Props {
  name: string;
  value: number;
  note?: ReactNode;
  alarming?: boolean;
}

/** One figure; `alarming` when it needs attention. */
export function Tile({ name, value, note, alarming = false }: Props) {
  return (
    <div className="rounded-card border border-line bg-surface p-4">
      <dt className="text-sm text-ink-soft">{name}</dt>
      <dd>
        <span className={cn("text-2xl font-semibold tabular-nums", alarming && "text-danger")}>
          {whole.format(value)}
        </span>
        {note !== undefined && <span className="block text-sm text-ink-soft">{note}</span>}
      </dd>
    </div>
  );
}
