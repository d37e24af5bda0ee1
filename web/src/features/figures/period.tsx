import { cn } from "@/shared/lib/cn";

const PERIODS = [7, 30, 90] as const;
export type Period = (typeof PERIODS)[number];

export function PeriodChoice({ chosen, onChoose }: { chosen: Period; onChoose: (period: Period) => void }) {
  return (
    <fieldset className="flex rounded-xl bg-sunken p-1">
      <legend className="sr-only">За сколько дней</legend>
      {PERIODS.map((period) => (
        <label
          key={period}
          className={cn(
            "flex min-h-11 items-center rounded-lg px-4 text-sm font-medium not-supports-[selector(:has(a))]:focus-within:outline-2 has-focus-visible:outline-2 has-focus-visible:outline-accent",
            period === chosen ? "bg-surface text-accent shadow-sm" : "text-ink-soft",
          )}
        >
          <input
            type="radio"
            name="period"
            className="sr-only"
            checked={period === chosen}
            onChange={() => onChoose(period)}
          />
          {period} дней
        </label>
      ))}
    </fieldset>
  );
}
