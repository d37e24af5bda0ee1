import { ArrowDown } from "lucide-react";

import { Spinner } from "@/shared/ui/spinner";

import { ENOUGH, isEnough } from "./pull";

/** Follows the finger; turns over when letting go will ask again. */
export function PullSign({ way, busy }: { way: number; busy: boolean }) {
  if (way === 0 && !busy) return null;
  const shown = busy ? ENOUGH : way;
  return (
    <div
      className="pointer-events-none fixed inset-x-0 top-14 z-20 grid justify-items-center"
      style={{ transform: `translateY(${shown - 40}px)`, opacity: Math.min(1, shown / ENOUGH) }}
    >
      <span
        role="status"
        aria-label={busy ? "Обновляем список" : "Потяните, чтобы обновить"}
        className="grid size-10 place-items-center rounded-full border border-line bg-surface text-accent shadow"
      >
        {busy ? (
          <Spinner />
        ) : (
          <ArrowDown
            aria-hidden
            className={isEnough(way) ? "size-5 rotate-180 transition-transform" : "size-5"}
          />
        )}
      </span>
    </div>
  );
}
