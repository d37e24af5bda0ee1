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
        <Fact name="Договор">{invoice.contract_number}</Fact>
        <Fact name="Оплатить до">{date(invoice.due_date)}</Fact>
        <Fact name="За что">{invoice.description}</Fact>
      </Facts>
      <p className="text-sm text-ink-soft">Счёт клиент видит в своём приложении и в чате поддержки.</p>
    </Part>
  );
}

interface Paying {
  invoice: Invoice;
  onClose: () => void;
}

/** Confirms that an invoice is paid: the one that was chosen, also when the card changes meanwhile. */
export function Paid({ invoice, onClose }: { invoice: Invoice | undefined; onClose: () => void }) {
  return invoice === undefined ? null : <PaidDialog invoice={invoice} onClose={onClose} />;
}

function PaidDialog({ invoice, onClose }: Paying) {
  const { clientId } = useStep();
  const navigate = useNavigate();
  const pay = useCardWrite((paid: Invoice, key) => confirmPayment(clientId, paid, key), {
    success: async ({ detail }) => {
      onClose();
      say(`Оплата по договору ${invoice.contract_number} отмечена`);
      if (detail.next_step === "done") {
        await navigate({ to: "/clients/$clientId/success", params: { clientId } });
      }
    },
  });
  return (
    <Confirm
      open
      title="Оплата получена?"
      action={`Да, получено ${money(invoice.amount)}`}
      busy={pay.isPending}
      error={pay.error}
      onConfirm={() => pay.send(invoice)}
      onClose={onClose}
    >
      <p>
        Счёт по договору {invoice.contract_number} на {money(invoice.amount)} будет отмечен оплаченным.
        Отменить это нельзя.
      </p>
    </Confirm>
  );
}
