import { NEXT_STEPS } from "@/entities/clients/status";
import type { SchemaStepTime } from "@/shared/api/generated/schema";
import { duration } from "@/shared/lib/format";
import { Part } from "@/shared/ui/layout/panel";

const HEAD = "py-2 pl-2 text-right align-bottom font-medium";
const CELL = "py-2 pl-2 text-right whitespace-nowrap";

/** Time in each step: median and 90th percentile. */
export function StepTimes({ steps }: { steps: SchemaStepTime[] }) {
  return (
    <Part title="Время на шаге">
      <p className="text-sm text-ink-soft">
        «Обычно»: за столько шаг проходит половина клиентов. «Долго»: девять из десяти успевают за это время.
      </p>
      <table className="w-full text-sm tabular-nums">
        <thead className="text-left text-ink-soft">
          <tr className="border-b border-line">
            <th scope="col" className="py-2 pr-2 align-bottom font-medium">
              Шаг
            </th>
            <th scope="col" className={HEAD}>
              Прошли
            </th>
            <th scope="col" className={HEAD}>
              Обычно
            </th>
            <th scope="col" className={HEAD}>
              Долго
            </th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.step} className="border-b border-line last:border-0">
              <th scope="row" className="py-2 pr-2 text-left font-normal">
                {NEXT_STEPS[step.step]}
              </th>
              <td className={CELL}>{step.count}</td>
              <td className={CELL}>{spoken(step.p50_seconds)}</td>
              <td className={CELL}>{spoken(step.p90_seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}

function spoken(seconds: number | null): string {
  return seconds === null ? "—" : duration(seconds);
}
