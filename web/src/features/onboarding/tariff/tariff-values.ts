import type { Resolver } from "react-hook-form";

import type { Detail } from "@/entities/clients/card";
import type { SchemaOfferedTariff } from "@/shared/api/generated/schema";

import type { Described } from "../form/conflict";

/** The choice as text: an id, «none» for no tariff, empty when not chosen. */
export interface TariffForm {
  tariff_id: string;
}

export const NONE = "none";

export function formOf({ tariff }: Pick<Detail, "tariff">): TariffForm {
  return { tariff_id: tariff === null ? "" : (tariff.tariff_id ?? NONE) };
}

export function tariffIdOf({ tariff_id }: TariffForm): string | null {
  return tariff_id === NONE || tariff_id === "" ? null : tariff_id;
}

/** For comparison: the tariff's name if it is still offered. */
export function fieldsOf(offered: readonly SchemaOfferedTariff[]): readonly Described<TariffForm>[] {
  const show = ({ tariff_id }: TariffForm) => {
    if (tariff_id === NONE) return "Без тарифа";
    return offered.find(({ id }) => id === tariff_id)?.name ?? tariff_id;
  };
  return [{ label: "Тариф", keys: ["tariff_id"], show }];
}

export const tariffResolver: Resolver<TariffForm> = (values) =>
  values.tariff_id === ""
    ? { values: {}, errors: { tariff_id: { type: "required", message: "Выберите тариф." } } }
    : { values, errors: {} };
