import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";

import { cardOf } from "@/entities/clients/card";
import { api, askWhole } from "@/shared/api/http";
import type { Problem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/feedback/notice";
import { Field } from "@/shared/ui/form/field";
import { Input, Textarea } from "@/shared/ui/form/input";
import { Modal } from "@/shared/ui/overlay/modal";
import { say } from "@/shared/ui/overlay/toast";

import { useCardWrite, useStep } from "../use-step";
import { billForm, billFrom, dayAfter, type BillForm } from "./bill";

const DAYS_TO_PAY = 5;
const FIELDS = ["amount", "description", "due_date"] as const;

interface Props {
  open: boolean;
  number: string;
  onClose: () => void;
}

/** Form of an additional invoice; the client receives it in the support chat. */
export function BillDialog({ open, number, onClose }: Props) {
  return (
    <Modal open={open} title="Новый счёт" onClose={onClose}>
      <BillFields number={number} onDone={onClose} />
    </Modal>
  );
}

function BillFields({ number, onDone }: { number: string; onDone: () => void }) {
  const { clientId } = useStep();
  const form = useForm<BillForm>({
    resolver: zodResolver(billForm),
    defaultValues: { amount: "", description: "", due_date: dayAfter(new Date(), DAYS_TO_PAY) },
  });
  const { errors } = form.formState;
  const bill = useCardWrite(
    async (values: BillForm, key) =>
      cardOf(
        await askWhole(
          api.POST("/api/manager/clients/{client_id}/billing/notify", {
            params: { path: { client_id: clientId }, header: { "Idempotency-Key": key } },
            body: billFrom(values, number),
          }),
        ),
      ),
    {
      success: () => {
        say("Счёт отправлен клиенту");
        onDone();
      },
      failure: (problem) => {
        for (const name of FIELDS) {
          const message = problem.field(name);
          if (message !== undefined) form.setError(name, { message });
        }
      },
    },
  );
  return (
    <form className="grid gap-4" noValidate onSubmit={(event) => void form.handleSubmit(bill.send)(event)}>
      <p className="text-sm text-ink-soft">По договору {number}. Клиент получит счёт в чате поддержки.</p>
      <Field label="Сумма, ₽" error={errors.amount?.message}>
        <Input inputMode="decimal" autoComplete="off" enterKeyHint="next" {...form.register("amount")} />
      </Field>
      <Field label="За что" error={errors.description?.message}>
        <Textarea rows={2} {...form.register("description")} />
      </Field>
      <Field label="Оплатить до" error={errors.due_date?.message}>
        <Input type="date" {...form.register("due_date")} />
      </Field>
      {bill.error !== null && !isAtFields(bill.error) && <Failure error={bill.error} />}
      <Button type="submit" busy={bill.isPending}>
        Отправить счёт
      </Button>
    </form>
  );
}

function isAtFields(problem: Problem): boolean {
  return FIELDS.some((name) => problem.field(name) !== undefined);
}
