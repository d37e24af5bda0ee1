import { date, money } from "@/shared/lib/format";
import { Badge, type Tone } from "@/shared/ui/badge";

import type { Detail } from "./card";

export type Invoice = Detail["invoices"][number];

/** The oldest unpaid invoice. A payment always covers it in full. */
export function openInvoice({ invoices }: Detail): Invoice | undefined {
  return invoices.find((one) => one.status === "pending" || one.status === "overdue");
}

const STATUSES: Record<Invoice["status"], { label: string; tone: Tone }> = {
  pending: { label: "Ждёт оплаты", tone: "warn" },
  paid: { label: "Оплачен", tone: "good" },
  overdue: { label: "Просрочен", tone: "danger" },
  canceled: { label: "Отменён", tone: "neutral" },
};

/** The client's invoices, oldest first. */
export function Invoices({ invoices }: { invoices: readonly Invoice[] }) {
  if (invoices.length === 0) return <p className="text-ink-soft">Счетов нет.</p>;
  return (
    <ul className="grid gap-2">
      {invoices.map((invoice) => (
        <li key={invoice.id} className="grid gap-1 rounded-xl border border-line p-3">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <span className="font-semibold">{money(invoice.amount)}</span>
            <Badge tone={STATUSES[invoice.status].tone}>{STATUSES[invoice.status].label}</Badge>
          </div>
          <p className="wrap-anywhere">{invoice.description}</p>
          <p className="text-sm text-ink-soft">
            Договор {invoice.contract_number} ·{" "}
            {invoice.paid_at === null
              ? `оплатить до ${date(invoice.due_date)}`
              : `оплачен ${date(invoice.paid_at)}`}
          </p>
        </li>
      ))}
    </ul>
  );
}
