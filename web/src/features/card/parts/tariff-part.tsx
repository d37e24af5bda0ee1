import { money, plural } from "@/shared/lib/format";
import { Fact, Facts, Part } from "@/shared/ui/layout/panel";

import { EditLink } from "./edit-link";
import type { PartProps } from "./part-props";

export function TariffPart({ clientId, detail: { tariff }, mayFill }: PartProps) {
  return (
    <Part
      title="Тариф"
      action={mayFill && <EditLink clientId={clientId} to="/clients/$clientId/step/4" what="тариф" />}
    >
      {tariff === null ? (
        <p className="text-ink-soft">Ещё не выбран.</p>
      ) : (
        <Facts>
          <Fact name="Название">{tariff.name}</Fact>
          <Fact name="Абонентская плата">{money(tariff.base_fee)}</Fact>
          <Fact name="За устройство">{money(tariff.extra_per_device)}</Fact>
          <Fact
            name={`За ${tariff.device_count} ${plural(tariff.device_count, "устройство", "устройства", "устройств")}`}
          >
            <span className="font-semibold">{money(tariff.total_extra_fee)}</span>
          </Fact>
        </Facts>
      )}
    </Part>
  );
}
