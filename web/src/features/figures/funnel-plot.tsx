import { NEXT_STEPS } from "@/entities/clients/status";
import type { SchemaStepFunnel } from "@/shared/api/generated/schema";
import { Part } from "@/shared/ui/layout/panel";

import { conversion, narrowest, shareOf } from "./funnel";

const percent = new Intl.NumberFormat("ru-RU", { style: "percent", maximumFractionDigits: 0 });
const ENOUGH = 5;

/** How many clients of the period reached and passed each step. */
export function FunnelPlot({ steps }: { steps: SchemaStepFunnel[] }) {
  const whole = Math.max(0, ...steps.map((step) => step.reached));
  const worst = narrowest(steps, ENOUGH);
  return (
    <Part title="Путь клиента по шагам">
      <p className="text-sm text-ink-soft">
        {whole === 0
          ? "За это время новых клиентов не было."
          : `Клиенты, которые пришли за это время: сколько дошло до шага (светлая полоса) и прошло его (тёмная).${
              worst === undefined ? "" : ` Реже всего проходят шаг «${NEXT_STEPS[worst.step]}».`
            }`}
      </p>
      <ol className="grid gap-3">
        {steps.map((step) => (
          <Bar key={step.step} step={step} whole={whole} />
        ))}
      </ol>
    </Part>
  );
}

function Bar({ step, whole }: { step: SchemaStepFunnel; whole: number }) {
  const share = conversion(step);
  return (
    <li className="grid gap-1">
      <p className="flex flex-wrap justify-between gap-x-3 text-sm">
        <span className="font-medium">{NEXT_STEPS[step.step]}</span>
        <span className="text-ink-soft tabular-nums">
          дошло {step.reached}, прошло {step.passed}
          {share !== null && <strong className="text-ink"> · {percent.format(share)}</strong>}
        </span>
      </p>
      <div aria-hidden className="relative h-4 overflow-hidden rounded-md bg-sunken">
        <span
          className="absolute inset-y-0 left-0 bg-accent-soft"
          style={{ width: `${shareOf(step.reached, whole) * 100}%` }}
        />
        <span
          className="absolute inset-y-0 left-0 bg-accent"
          style={{ width: `${shareOf(step.passed, whole) * 100}%` }}
        />
      </div>
    </li>
  );
}
