import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";

import { cn } from "@/shared/lib/cn";

import { STEPS, stepRoute, stepState, type StepNumber, type StepState } from "./steps";
import { useStep } from "./use-step";

/** The four pages of the wizard, with links to the available ones. */
export function Stepper({ current }: { current: StepNumber }) {
  const { clientId, detail } = useStep();
  return (
    <nav aria-label="Шаги оформления">
      <ol className="grid grid-cols-4 gap-1">
        {STEPS.map(({ number, label }) => {
          const state = stepState(number, current, detail.next_step);
          const content = <StepMark number={number} label={label} state={state} />;
          return (
            <li key={number} className="min-w-0">
              {state === "done" || state === "open" ? (
                <Link to={stepRoute(number)} params={{ clientId }} className={cn(BOX, "hover:bg-sunken")}>
                  {content}
                </Link>
              ) : (
                <span aria-current={state === "current" ? "step" : undefined} className={BOX}>
                  {content}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

const BOX =
  "flex min-h-11 flex-col items-center gap-1 rounded-xl px-1 py-1.5 text-center sm:flex-row sm:justify-center sm:gap-2";

const LOOKS: Record<StepState, { mark: string; label: string; said: string }> = {
  current: { mark: "bg-accent text-white", label: "font-semibold text-ink", said: "" },
  done: { mark: "bg-good-soft text-good", label: "text-ink", said: ", заполнено" },
  open: { mark: "border border-line-strong text-ink", label: "text-ink", said: "" },
  closed: { mark: "bg-sunken text-ink-soft", label: "text-ink-soft", said: ", пока закрыто" },
};

function StepMark({ number, label, state }: { number: StepNumber; label: string; state: StepState }) {
  const look = LOOKS[state];
  return (
    <>
      <span
        aria-hidden
        className={cn("grid size-7 place-items-center rounded-full text-sm font-semibold", look.mark)}
      >
        {state === "done" ? <Check className="size-4" /> : number}
      </span>
      <span className={cn("max-w-full truncate text-xs sm:text-sm", look.label)}>
        {label}
        <span className="sr-only">{look.said}</span>
      </span>
    </>
  );
}
