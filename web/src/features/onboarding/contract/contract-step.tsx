import { Link } from "@tanstack/react-router";

import { currentOf } from "@/shared/clients/contracts";
import { Button } from "@/shared/ui/button";
import { Failure, Notice } from "@/shared/ui/notice";
import { Loading } from "@/shared/ui/skeleton";

import { StepPage } from "../step-page";
import { TariffPanel } from "../tariff/tariff-panel";
import { useStep } from "../use-step";
import { useContracts } from "./contracts";
import { DocumentPart } from "./document-part";
import { GeneratePart } from "./generate-part";
import { MissingPart } from "./missing-part";
import { PaymentPart } from "./payment-part";
import { SignaturePart } from "./signature-part";
import { SignedPart } from "./signed-part";
import { stageOf } from "./stage";

/** Page 4: from the tariff to the payment, always showing what is to be done now first. */
export function ContractStep() {
  const { detail } = useStep();
  return (
    <StepPage step={4} title="Договор">
      <Stages stage={stageOf(detail.next_step)} />
    </StepPage>
  );
}

function Stages({ stage }: { stage: ReturnType<typeof stageOf> }) {
  const { clientId, card } = useStep();
  const contracts = useContracts();
  const contract = currentOf(contracts.data);
  if (contracts.isError) return <Failure error={contracts.error} retry={contracts.refetch} />;
  if (contracts.data === undefined) return <Loading rows={2} />;

  const signed = contract?.status === "signed";
  return (
    <>
      {stage === "missing" && <MissingPart />}
      {stage === "done" && <DonePart />}
      {stage === "payment" && <PaymentPart />}
      {stage === "signature" && contract !== undefined && <SignaturePart contract={contract} />}
      {stage === "generate" && <GeneratePart previous={contract} />}
      {signed && <SignedPart contract={contract} />}
      {contract !== undefined && <DocumentPart contract={contract} />}
      {!(signed && (stage === "payment" || stage === "done")) && (
        <TariffPanel clientId={clientId} card={card} />
      )}
    </>
  );
}

function DonePart() {
  const { clientId } = useStep();
  return (
    <Notice kind="good" title="Клиент полностью оформлен">
      <Button asChild look="secondary" className="mt-1">
        <Link to="/clients/$clientId/success" params={{ clientId }}>
          К итогам
        </Link>
      </Button>
    </Notice>
  );
}
