import type { SchemaClientDetail } from "@/shared/api/generated/schema";
import { Badge, type Tone } from "@/shared/ui/badge";

type Status = SchemaClientDetail["status"];
export type Step = SchemaClientDetail["next_step"];

const STATUSES: Record<Status, { label: string; tone: Tone }> = {
  new: { label: "Новый", tone: "info" },
  in_verification: { label: "Проверка данных", tone: "warn" },
  awaiting_contract: { label: "Ждёт договора", tone: "warn" },
  awaiting_payment: { label: "Ждёт оплаты", tone: "warn" },
  processed: { label: "Обработан", tone: "good" },
};

/** Labels of the next step. */
export const NEXT_STEPS: Record<Step, string> = {
  profile: "Контактные данные",
  passport: "Паспорт",
  devices: "Устройства",
  tariff: "Тариф",
  contract: "Договор",
  signature: "Подпись клиента",
  payment: "Оплата",
  done: "Всё готово",
};

const ROUTES = {
  profile: "/clients/$clientId/step/1",
  passport: "/clients/$clientId/step/2",
  devices: "/clients/$clientId/step/3",
  tariff: "/clients/$clientId/step/4",
  contract: "/clients/$clientId/step/4",
  signature: "/clients/$clientId/step/4",
  payment: "/clients/$clientId/step/4",
  done: "/clients/$clientId/success",
} as const satisfies Record<Step, string>;

/** Route of the wizard page for a step. */
export function routeOf(step: Step): (typeof ROUTES)[Step] {
  return ROUTES[step];
}

export function StatusBadge({ status }: { status: Status }) {
  const { label, tone } = STATUSES[status];
  return <Badge tone={tone}>{label}</Badge>;
}
