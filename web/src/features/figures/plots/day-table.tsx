import { shortDay } from "./day";
import type { Series } from "./line-plot";

/** Data of a plot as a table, latest day first. */
export function DayTable({ title, days, series }: { title: string; days: string[]; series: Series[] }) {
  const places = days.map((day, at) => ({ day, at })).reverse();
  return (
    <details className="text-sm">
      <summary className="flex min-h-11 w-fit items-center text-accent underline underline-offset-4">
        Показать таблицей
      </summary>
      {/* Focusable, because it scrolls. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="max-h-96 overflow-auto" tabIndex={0} role="region" aria-label={`${title}: таблица`}>
        <table className="w-full tabular-nums">
          <thead className="text-left text-ink-soft">
            <tr>
              <th scope="col" className="py-2 pr-3 font-medium">
                День
              </th>
              {series.map((one) => (
                <th key={one.label} scope="col" className="py-2 pl-2 text-right font-medium">
                  {one.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {places.map(({ day, at }) => (
              <tr key={day} className="border-t border-line">
                <th scope="row" className="py-2 pr-3 text-left font-normal whitespace-nowrap">
                  {shortDay(day)}
                </th>
                {series.map((one) => (
                  <td key={one.label} className="py-2 pl-2 text-right">
                    {one.values[at]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
