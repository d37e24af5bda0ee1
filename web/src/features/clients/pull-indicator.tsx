import { ArrowDown } from "lucide-react";

import { Spinner } from "@/shared/ui/spinner";

import { PULLED, isPulled } from "./pull";

/** Pull-to-refresh indicator; turns over when releasing will refresh. */
export function PullIndicator({ distance, busy }: { distance: number; busy: boolean }) {
  if (distance === 0 && !busy) return null;
  const shown = busy ? PULLED : distance;
  return (
    <div
      className="pointer-events-none fixed inset-x-0 top-14 z-20 grid justify-items-center"
      style={{ transform: `translateY(${shown - 40}px)`, opacity: Math.min(1, shown / PULLED) }}
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
            className={isPulled(distance) ? "size-5 rotate-180 transition-transform" : "size-5"}
          />
        )}
      </span>
    </div>
  );
}
