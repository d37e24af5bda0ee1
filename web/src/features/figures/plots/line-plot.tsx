import { useId } from "react";

import { cn } from "@/shared/lib/cn";

import { shortDay } from "./day";
import { DayTable } from "./day-table";
import { labelledOf, pointsOf, topOf } from "./scale";

const WIDTH = 100;
const HEIGHT = 40;
const whole = new Intl.NumberFormat("ru-RU");

const LOOKS = {
  accent: "stroke-accent",
  info: "stroke-info",
  warn: "stroke-warn [stroke-dasharray:6_3]",
  danger: "stroke-danger [stroke-dasharray:2_3]",
};

export interface Series {
  label: string;
  look: keyof typeof LOOKS;
  values: number[];
}

/** Line plot by day (`2026-11-21`). Series differ by colour and dashes; a table below has the same data. */
export function LinePlot({ title, days, series }: { title: string; days: string[]; series: Series[] }) {
  const heading = useId();
  const top = topOf(series.flatMap((one) => one.values));
  return (
    <figure className="grid grid-cols-1 gap-3" aria-labelledby={heading}>
      <figcaption id={heading} className="font-semibold">
        {title}
      </figcaption>
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {series.map((one) => (
          <Legend key={one.label} series={one} />
        ))}
      </ul>
      <div
        aria-hidden
        className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-xs text-ink-soft tabular-nums"
      >
        <div className="flex flex-col justify-between text-right leading-none">
          <span>{whole.format(top)}</span>
          <span>0</span>
        </div>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="h-40 w-full overflow-visible border-y border-line"
        >
          <line
            x1="0"
            x2={WIDTH}
            y1={HEIGHT / 2}
            y2={HEIGHT / 2}
            className="stroke-line"
            vectorEffect="non-scaling-stroke"
          />
          {series.map((one) => (
            <polyline
              key={one.label}
              points={pointsOf(one.values, top, WIDTH, HEIGHT)}
              vectorEffect="non-scaling-stroke"
              className={cn("fill-none stroke-2", LOOKS[one.look])}
            />
          ))}
        </svg>
        <div className="col-start-2 flex justify-between pt-1">
          {labelledOf(days.length, 4).map((at) => (
            <span key={at}>{shortDay(days[at] ?? "")}</span>
          ))}
        </div>
      </div>
      <DayTable title={title} days={days} series={series} />
    </figure>
  );
}

function Legend({ series }: { series: Series }) {
  const sum = series.values.reduce((all, value) => all + value, 0);
  return (
    <li className="flex items-center gap-2">
      <svg aria-hidden viewBox="0 0 24 4" className="h-1 w-6">
        <line x1="0" x2="24" y1="2" y2="2" className={cn("stroke-[3]", LOOKS[series.look])} />
      </svg>
      <span>
        {series.label}: <strong className="tabular-nums">{whole.format(sum)}</strong>
      </span>
    </li>
  );
}
