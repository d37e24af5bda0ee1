import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";

import { heldBy, type Holder } from "@/entities/clients/card";
import type { Row } from "@/entities/clients/list";
import { NEXT_STEPS, StatusBadge } from "@/entities/clients/status";
import { cn } from "@/shared/lib/cn";
import { age, moment, phone } from "@/shared/lib/format";

interface Props {
  row: Row;
  now: number;
  /** Who holds the client, where it is to be said. */
  holder: Holder | undefined;
}

export function ClientRow({ row, now, holder }: Props) {
  const name = row.full_name ?? row.name ?? "Без имени";
  return (
    <li>
      <Link
        to="/clients/$clientId"
        params={{ clientId: row.id }}
        data-client={row.id}
        className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1 px-4 py-3 hover:bg-sunken focus-visible:-outline-offset-2 md:grid-cols-[minmax(0,5fr)_minmax(0,6fr)_7rem] md:items-center"
      >
        <div className="min-w-0">
          <p className="font-semibold wrap-anywhere">{name}</p>
          {(row.phone !== null || holder?.kind !== "other") && (
            <p className="text-sm text-ink-soft tabular-nums">{phone(row.phone) || "Телефон не указан"}</p>
          )}
        </div>
        <div className="col-span-2 row-start-2 min-w-0 text-sm md:col-span-1 md:row-start-auto">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <StatusBadge status={row.status} />
            <Next step={row.next_step} />
          </p>
          {row.registration_address !== null && (
            <p className="mt-1 line-clamp-2 wrap-anywhere text-ink-soft md:line-clamp-1">
              {row.registration_address}
            </p>
          )}
          {holder !== undefined && (
            <p className={cn("mt-1 wrap-anywhere", holder.kind === "other" ? "text-warn" : "text-ink-soft")}>
              {heldBy(holder)}
            </p>
          )}
        </div>
        <p className="flex items-center justify-end gap-1 self-start text-sm leading-6 whitespace-nowrap text-ink-soft md:self-center">
          <time dateTime={row.created_at} title={`Пришёл ${moment(row.created_at)}`}>
            {age(row.created_at, now)}
          </time>
          <ChevronRight aria-hidden className="size-4" />
        </p>
      </Link>
    </li>
  );
}

function Next({ step }: { step: Row["next_step"] }) {
  if (step === undefined || step === "done") return null;
  return <span className="text-ink-soft">Дальше: {NEXT_STEPS[step].toLowerCase()}</span>;
}
