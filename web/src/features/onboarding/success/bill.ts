import { z } from "zod";

import { typedRoubles } from "@/shared/lib/roubles";
import { cleaned, lengthOf } from "@/shared/lib/typed";

const LONGEST_DESCRIPTION = 1000;

/** Form of an invoice; mirrors the rules of `POST …/billing/notify`. */
export const billForm = z.object({
  amount: z.string().superRefine((text, context) => {
    const typed = typedRoubles(text);
    if ("wrong" in typed) context.addIssue({ code: "custom", message: typed.wrong });
    else if (typed.amount === null || typed.amount <= 0) {
      context.addIssue({ code: "custom", message: "Укажите сумму больше нуля." });
    }
  }),
  description: z
    .string()
    .overwrite(cleaned)
    .min(1, "Напишите, за что счёт.")
    .refine((text) => lengthOf(text) <= LONGEST_DESCRIPTION, `Не больше ${LONGEST_DESCRIPTION} знаков.`),
  due_date: z.iso.date("Укажите дату."),
});

export type BillForm = z.infer<typeof billForm>;

/** Request body of a validated form. */
export function billFrom(form: BillForm, contractNumber: string) {
  const typed = typedRoubles(form.amount);
  if ("wrong" in typed || typed.amount === null) throw new Error("the form was not checked");
  return {
    amount: typed.amount,
    description: form.description,
    contract_number: contractNumber,
    due_date: form.due_date,
  };
}

/** The day `days` after `today`, ISO. */
export function dayAfter(today: Date, days: number): string {
  const day = new Date(today);
  day.setDate(day.getDate() + days);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
