import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { date, money } from "@/shared/lib/format";
import { Badge } from "@/shared/ui/badge";
import { Button } from "@/shared/ui/button";
import { Fact, Facts, Part } from "@/shared/ui/card";
import { Confirm } from "@/shared/ui/confirm";
import { say } from "@/shared/ui/toast";

import { useCardWrite, useStep } from "../use-step";
import { confirmPayment } from "./contracts";

/** The oldest open bill: a payment pays that one, whole. */
export function PaymentPart() {
  const { detail, mayWrite } = useStep();
  const [asking, setAsking] = useState(false);
  const invoice = detail.invoices.find((one) => one.status === "pending" || one.status === "overdue");
  if (invoice === undefined) return null;
  return (
    <Part title="Оплата" action={invoice.status === "overdue" && <Badge tone="danger">Просрочен</Badge>}>
      <Facts>
        <Fact name="К оплате">
          <span className="text-xl font-semibold">{money(invoice.amount)}</span>
        </Fact>
        <Fact name="Оплатить до">{date(invoice.due_date)}</Fact>
        <Fact name="За что">{invoice.description}</Fact>
      </Facts>
      <p className="text-sm text-ink-soft">Счёт клиент видит в своём приложении и в чате поддержки.</p>
      {mayWrite && (
        <Button className="sm:justify-self-start" onClick={() => setAsking(true)}>
          Оплата получена
        </Button>
      )}
      <Paid open={asking} amount={invoice.amount} onClose={() => setAsking(false)} />
    </Part>
  );
}

function Paid({ open, amount, onClose }: { open: boolean; amount: number; onClose: () => void }) {
  const { clientId } = useStep();
  const navigate = useNavigate();
  const pay = useCardWrite((paid: number, key) => confirmPayment(clientId, paid, key), {
    success: async ({ detail }) => {
      onClose();
      say("Оплата отмечена");
      if (detail.next_step === "done") {
        await navigate({ to: "/clients/$clientId/success", params: { clientId } });
      }
    },
  });
  return (
    <Confirm
      open={open}
      title="Оплата получена?"
      action={`Да, получено ${money(amount)}`}
      busy={pay.isPending}
      error={pay.error}
      onConfirm={() => pay.send(amount)}
      onClose={onClose}
    >
      <p>Счёт на {money(amount)} будет отмечен оплаченным. Отменить это нельзя.</p>
    </Confirm>
  );
}
