import { useQuery } from "@tanstack/react-query";

import { money, plural } from "@/shared/lib/format";
import { Panel } from "@/shared/ui/layout/panel";

import { calculate } from "../tariff/calculation";
import { forecastQuery } from "../tariff/forecast";
import { useStep } from "../use-step";

/** Sum for the devices by the card's tariff, or without a tariff. */
export function ExtraSum() {
  const { clientId, detail } = useStep();
  const { devices, tariff } = detail;
  const forecast = useQuery({
    ...forecastQuery(clientId, null, devices.length),
    enabled: tariff === null && devices.length > 0,
  });
  const extra = tariff?.extra_per_device ?? forecast.data?.extra_per_device;
  if (devices.length === 0 || extra === undefined) return null;
  const { lines, total } = calculate(devices, extra);
  const own = lines.filter((line) => line.own).length;
  return (
    <Panel aria-label="Стоимость устройств" className="grid gap-1">
      <p className="flex flex-wrap justify-between gap-x-4 font-semibold">
        <span>
          {lines.length} {plural(lines.length, "устройство", "устройства", "устройств")}
        </span>
        <span className="tabular-nums">{money(total)}</span>
      </p>
      <p className="text-sm text-ink-soft">
        {tariff === null ? "Тариф ещё не выбран: " : `Тариф «${tariff.name}»: `}
        {money(extra)} за устройство
        {own > 0 && `, у ${own} ${plural(own, "устройства", "устройств", "устройств")} своя цена`}.
      </p>
    </Panel>
  );
}
