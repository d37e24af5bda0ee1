import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { currentOf } from "@/entities/clients/contracts";
import { openInvoice, type Invoice } from "@/entities/clients/invoices";
import { NEXT_STEPS, routeOf } from "@/entities/clients/status";
import { Loading } from "@/shared/ui/feedback/loading";
import { Failure, Notice } from "@/shared/ui/feedback/notice";

import { StepPage, type Next } from "../step-page";
import { TariffPanel } from "../tariff/tariff-panel";
import { useStep } from "../use-step";
import { useContracts } from "./contracts";
import { DocumentPart } from "./document-part";
import { GeneratePart } from "./generate-part";
import { Paid, PaymentPart } from "./payment-part";
import { SignaturePart } from "./signature-part";
import { SignedPart } from "./signed-part";
import { stageOf, type Stage } from "./stage";
import { useGenerate } from "./use-generate";
import { useStageChange } from "./use-stage-change";

/** Page 4: tariff to payment. The current stage comes first; its button is at the bottom. */
export function ContractStep() {
  const { clientId, detail } = useStep();
  const navigate = useNavigate();
  const making = useGenerate();
  const [paying, setPaying] = useState<Invoice>();
  const stage = stageOf(detail.next_step);
  useStageChange(stage);
  const invoice = openInvoice(detail);
  const lead = () => void navigate({ to: routeOf(detail.next_step), params: { clientId } });

  const actions: Record<Stage, Next | undefined> = {
    missing: { label: `Заполнить: ${NEXT_STEPS[detail.next_step].toLowerCase()}`, press: lead },
    tariff: undefined,
    generate: {
      label: making.isPending ? "Формируем договор…" : "Сформировать договор",
      press: () => making.send(undefined),
      busy: making.isPending,
    },
    signature: undefined,
    payment: invoice && { label: "Оплата получена", press: () => setPaying(invoice) },
    done: { label: "К итогам", press: lead },
  };

  return (
    <StepPage step={4} title="Договор" next={actions[stage]}>
      <Stages stage={stage} invoice={invoice} making={making} />
      <Paid invoice={paying} onClose={() => setPaying(undefined)} />
    </StepPage>
  );
}

interface StagesProps {
  stage: Stage;
  invoice: Invoice | undefined;
  making: ReturnType<typeof useGenerate>;
}

function Stages({ stage, invoice, making }: StagesProps) {
  const { clientId, card, detail } = useStep();
  const contracts = useContracts();
  const contract = currentOf(contracts.data?.versions);
  if (contracts.isError) return <Failure error={contracts.error} retry={contracts.refetch} />;
  if (contracts.data === undefined) return <Loading rows={2} />;

  const signed = contract?.status === "signed";
  return (
    <>
      {stage === "missing" && (
        <Notice kind="info" title="Договор пока нельзя сформировать">
          Сначала заполните: {NEXT_STEPS[detail.next_step].toLowerCase()}.
        </Notice>
      )}
      {stage === "done" && <Notice kind="good" title="Клиент полностью оформлен" />}
      {stage === "payment" && invoice !== undefined && <PaymentPart invoice={invoice} />}
      {stage === "signature" && contract !== undefined && (
        <SignaturePart contract={contract} ahead={contracts.data.ahead} />
      )}
      {stage === "generate" && <GeneratePart previous={contract} error={making.error} />}
      {signed && <SignedPart contract={contract} />}
      {contract !== undefined && <DocumentPart contract={contract} />}
      {!(signed && (stage === "payment" || stage === "done")) && (
        <TariffPanel clientId={clientId} card={card} />
      )}
    </>
  );
}
