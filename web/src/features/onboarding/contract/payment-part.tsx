import { useNavigate } from "@tanstack/react-router";

import type { Invoice } from "@/entities/clients/invoices";
import { date, money } from "@/shared/lib/format";
import { Badge } from "@/shared/ui/badge";
import { Fact, Facts, Part } from "@/shared/ui/layout/panel";
import { Confirm } from "@/shared/ui/overlay/confirm";
import { say } from "@/shared/ui/overlay/toast";

import { useCardWrite, useStep } from "../use-step";
import { confirmPayment } from "./contracts";

/** The invoice that awaits payment. */
export function PaymentPart({ invoice }: { invoice: Invoice }) {
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
    </Part>
  );
}

/** Confirms that the invoice is paid. */
export function Paid({ open, amount, onClose }: { open: boolean; amount: number; onClose: () => void }) {
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
