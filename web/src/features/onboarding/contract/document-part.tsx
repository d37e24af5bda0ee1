import { useState } from "react";

import { pdfPath, type ContractVersion } from "@/entities/clients/contracts";
import { PdfView } from "@/shared/pdf/pdf-view";
import { Badge } from "@/shared/ui/badge";
import { Button } from "@/shared/ui/button";
import { Part } from "@/shared/ui/layout/panel";
import { ConfirmReason } from "@/shared/ui/overlay/confirm-reason";
import { say } from "@/shared/ui/overlay/toast";

import { useCardWrite, useStep } from "../use-step";
import { voidContract } from "./contracts";

/** The contract document. */
export function DocumentPart({ contract }: { contract: ContractVersion }) {
  const { clientId, mayWrite } = useStep();
  const [asking, setAsking] = useState(false);
  const mayVoid = mayWrite && contract.status !== "signed";
  return (
    <Part
      title={`Договор ${contract.number}`}
      action={contract.outdated && contract.status !== "signed" && <Badge tone="warn">Устарел</Badge>}
    >
      {mayWrite ? (
        <PdfView
          path={pdfPath(clientId, contract.id)}
          name={`Договор ${contract.number}`}
          fileName={`${contract.number}.pdf`}
        />
      ) : (
        <p className="text-ink-soft">Договор видит менеджер, который ведёт клиента.</p>
      )}
      {mayVoid && (
        <Button
          look="quiet"
          className="-mb-2 -ml-3 justify-self-start text-danger"
          onClick={() => setAsking(true)}
        >
          Аннулировать договор
        </Button>
      )}
      <Void open={asking} number={contract.number} onClose={() => setAsking(false)} />
    </Part>
  );
}

function Void({ open, number, onClose }: { open: boolean; number: string; onClose: () => void }) {
  const { clientId } = useStep();
  const voiding = useCardWrite((why: string, key) => voidContract(clientId, why, key), {
    success: () => {
      say(`Договор ${number} аннулирован`);
      onClose();
    },
  });
  return (
    <ConfirmReason
      open={open}
      danger
      title={`Аннулировать договор ${number}?`}
      action="Аннулировать"
      missing="Напишите причину: она останется в истории."
      write={voiding}
      onClose={onClose}
    >
      <p>Код клиента перестанет действовать, карточку снова можно будет менять. Отменить это нельзя.</p>
    </ConfirmReason>
  );
}
