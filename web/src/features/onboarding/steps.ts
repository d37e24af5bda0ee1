import type { Step } from "@/entities/clients/status";

/** A page of the wizard. */
export type StepNumber = 1 | 2 | 3 | 4;

export const STEPS: readonly { number: StepNumber; label: string }[] = [
  { number: 1, label: "Контакты" },
  { number: 2, label: "Паспорт" },
  { number: 3, label: "Устройства" },
  { number: 4, label: "Договор" },
];

const STEP_ROUTES = {
  1: "/clients/$clientId/step/1",
  2: "/clients/$clientId/step/2",
  3: "/clients/$clientId/step/3",
  4: "/clients/$clientId/step/4",
} as const satisfies Record<StepNumber, string>;

export function stepRoute(number: StepNumber): (typeof STEP_ROUTES)[StepNumber] {
  return STEP_ROUTES[number];
}

export function nextNumber(number: StepNumber): StepNumber | undefined {
  return STEPS[number]?.number;
}

export function previousNumber(number: StepNumber): StepNumber | undefined {
  return STEPS[number - 2]?.number;
}

/** Page of the next step; 5 when all steps are done. */
const PAGES: Record<Step, number> = {
  profile: 1,
  passport: 2,
  devices: 3,
  tariff: 4,
  contract: 4,
  signature: 4,
  payment: 4,
  done: 5,
};

export type StepState = "current" | "done" | "open" | "closed";

/**
 * State of a page when `current` is open. The first page opens all others: the server takes passport and devices
 * in any order once the contact data are saved.
 */
export function stepState(number: StepNumber, current: StepNumber, next: Step): StepState {
  if (number === current) return "current";
  const page = PAGES[next];
  if (number < page) return "done";
  return page > 1 || number === 1 ? "open" : "closed";
}
