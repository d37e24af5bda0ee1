import { useId } from "react";
import type { UseFormRegisterReturn } from "react-hook-form";

import type { SchemaOfferedTariff } from "@/shared/api/generated/schema";
import { money } from "@/shared/lib/format";

import { NONE } from "./tariff-values";

interface Props {
  offered: readonly SchemaOfferedTariff[];
  field: UseFormRegisterReturn;
  error: string | undefined;
}

/** Choice between tariffs. */
export function TariffChoice({ offered, field, error }: Props) {
  const note = useId();
  return (
    <fieldset className="grid min-w-0 gap-2" aria-describedby={error === undefined ? undefined : note}>
      <legend className="sr-only">Тариф</legend>
      {offered.map(({ id, name, base_fee, extra_per_device, notes }) => (
        <Option key={id} value={id} field={field} name={name} price={perDevice(extra_per_device)}>
          {notes ?? (base_fee > 0 && `Абонентская плата ${money(base_fee)}`)}
        </Option>
      ))}
      <Option value={NONE} field={field} name="Без тарифа" price="">
        Обычная цена за каждое устройство, без абонентской платы
      </Option>
      {error !== undefined && (
        <p id={note} role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function perDevice(extra: number): string {
  return extra === 0 ? "бесплатно" : `${money(extra)} за устройство`;
}

interface OptionProps {
  value: string;
  field: UseFormRegisterReturn;
  name: string;
  price: string;
  children: React.ReactNode;
}

function Option({ value, field, name, price, children }: OptionProps) {
  const note = useId();
  const label = useId();
  return (
    <label className="flex min-h-14 items-start gap-3 rounded-xl border border-line-strong bg-surface p-3 has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
      <input
        {...field}
        type="radio"
        value={value}
        aria-labelledby={label}
        aria-describedby={note}
        className="mt-0.5 size-5 shrink-0 accent-accent outline-none"
      />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap justify-between gap-x-3">
          <span id={label} className="font-semibold wrap-anywhere">
            {name}
          </span>
          <span className="whitespace-nowrap">{price}</span>
        </span>
        <span id={note} className="mt-0.5 block text-sm text-ink-soft">
          {children}
        </span>
      </span>
    </label>
  );
}
