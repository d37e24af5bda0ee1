import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { HeldByOther } from "@/entities/clients/held-by-other";
import { Invoices, openInvoice, type Invoice } from "@/entities/clients/invoices";
import { NEXT_STEPS, routeOf } from "@/entities/clients/status";
import { date, money } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { Notice } from "@/shared/ui/feedback/notice";
import { Page } from "@/shared/ui/layout/page";
import { Fact, Facts, Part } from "@/shared/ui/layout/panel";

import { Paid } from "../contract/payment-part";
import { useStep } from "../use-step";
import { BillDialog } from "./bill-dialog";

/** Results of the wizard: summary, additional invoice, next actions. */
export function SuccessScreen() {
  const { clientId, detail, holder, mayWrite } = useStep();
  const [billing, setBilling] = useState(false);
  const done = detail.next_step === "done";
  const number = detail.contract?.contract_number;
  return (
    <Page title={done ? "Клиент оформлен" : "Оформление не закончено"}>
      <HeldByOther clientId={clientId} holder={holder} />
      {done ? <Summary /> : <Unfinished />}
      <Part
        title="Счета"
        action={
          mayWrite &&
          number !== undefined && (
            <Button look="secondary" size="small" onClick={() => setBilling(true)}>
              Выставить счёт
            </Button>
          )
        }
      >
        <Invoices invoices={detail.invoices} />
        {mayWrite && done && <Payment />}
        {number !== undefined && (
          <BillDialog open={billing} number={number} onClose={() => setBilling(false)} />
        )}
      </Part>
      <p className="text-sm text-ink-soft">
        Если у клиента появится ещё одно устройство, добавьте его на шаге «Устройства»: система составит
        дополнительное соглашение и выставит счёт только за новое.
      </p>
      <div className="grid gap-2 sm:flex sm:flex-wrap">
        <Button asChild look={done ? "primary" : "secondary"}>
          <Link to="/clients" search={{ tab: "new" }}>
            К новым клиентам
          </Link>
        </Button>
        <Button asChild look="secondary">
          <Link to="/clients/$clientId" params={{ clientId }}>
            Карточка клиента
          </Link>
        </Button>
        <Button asChild look="secondary">
          <Link to="/clients/$clientId/step/3" params={{ clientId }}>
            Добавить устройство
          </Link>
        </Button>
      </div>
    </Page>
  );
}

function Summary() {
  const { detail } = useStep();
  const { contract, tariff } = detail;
  const paid = detail.invoices.filter((one) => one.status === "paid");
  const open = detail.invoices.filter((one) => one.status === "pending" || one.status === "overdue");
  return (
    <>
      <Notice kind="good" title={`${detail.user.name ?? "Клиент"}: договор подписан`}>
        {open.length > 0
          ? "Есть неоплаченный счёт: клиент видит его в своём приложении."
          : paid.length > 0
            ? "Оплата получена."
            : "Оплата не нужна: счёта нет."}
      </Notice>
      <Part title="Итог">
        <Facts>
          <Fact name="Договор">{contract?.contract_number ?? "—"}</Fact>
          <Fact name="Подписан">{contract?.signed_at == null ? "—" : date(contract.signed_at)}</Fact>
          <Fact name="Тариф">{tariff?.name ?? "—"}</Fact>
          <Fact name="За устройства">{tariff === null ? "—" : money(tariff.total_extra_fee)}</Fact>
        </Facts>
      </Part>
    </>
  );
}

/** Payment of an additional invoice. */
function Payment() {
  const { detail } = useStep();
  const [asking, setAsking] = useState<Invoice>();
  const invoice = openInvoice(detail);
  if (invoice === undefined) return null;
  return (
    <>
      <Button look="secondary" className="sm:justify-self-start" onClick={() => setAsking(invoice)}>
        Оплата получена: {money(invoice.amount)}
      </Button>
      <Paid invoice={asking} onClose={() => setAsking(undefined)} />
    </>
  );
}

function Unfinished() {
  const { clientId, detail } = useStep();
  return (
    <Notice kind="info" title={`Следующий шаг: ${NEXT_STEPS[detail.next_step].toLowerCase()}`}>
      <Button asChild className="mt-1">
        <Link to={routeOf(detail.next_step)} params={{ clientId }}>
          Продолжить
        </Link>
      </Button>
    </Notice>
  );
}
