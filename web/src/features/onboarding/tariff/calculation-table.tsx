import { money, plural } from "@/shared/lib/format";

import type { Calculation } from "./calculation";

/** The sum and its lines. */
export function CalculationTable({ calculation, baseFee }: { calculation: Calculation; baseFee?: number }) {
  const { lines, total } = calculation;
  return (
    <div className="grid gap-3">
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">Из чего складывается сумма</caption>
        <tbody>
          {lines.map(({ id, title, fee, own }) => (
            <tr key={id} className="border-b border-line align-top">
              <th scope="row" className="py-2 pr-4 font-normal wrap-anywhere">
                {title}
                {own && <span className="block text-sm text-ink-soft">своя цена</span>}
              </th>
              <td className="py-2 text-right whitespace-nowrap tabular-nums">{money(fee)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="font-semibold">
            <th scope="row" className="py-2 pr-4">
              Всего за {lines.length} {plural(lines.length, "устройство", "устройства", "устройств")}
            </th>
            <td className="py-2 text-right whitespace-nowrap tabular-nums">{money(total)}</td>
          </tr>
        </tfoot>
      </table>
      {baseFee !== undefined && baseFee > 0 && (
        <p className="text-sm text-ink-soft">
          Абонентская плата {money(baseFee)} оплачивается отдельно и в эту сумму не входит.
        </p>
      )}
    </div>
  );
}
