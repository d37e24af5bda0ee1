import { useState } from "react";

import { certificatePath, CHANNELS, type ContractVersion } from "@/entities/clients/contracts";
import { date, time } from "@/shared/lib/format";
import { PdfView } from "@/shared/pdf/pdf-view";
import { Button } from "@/shared/ui/button";
import { Fact, Facts, Part } from "@/shared/ui/layout/panel";
import { Modal } from "@/shared/ui/overlay/modal";

import { useStep } from "../use-step";

/** Signer, time and method, with the certificate. */
export function SignedPart({ contract }: { contract: ContractVersion }) {
  const { clientId, mayWrite } = useStep();
  const [open, setOpen] = useState(false);
  const path = certificatePath(clientId, contract.id);
  return (
    <Part title="Договор подписан">
      <Facts>
        <Fact name="Номер">{contract.number}</Fact>
        <Fact name="Подписан">
          {contract.signed_at === null ? "—" : `${date(contract.signed_at)}, ${time(contract.signed_at)}`}
        </Fact>
        <Fact name="Где введён код">
          {contract.confirm_channel === null ? "—" : CHANNELS[contract.confirm_channel]}
        </Fact>
      </Facts>
      {mayWrite && (
        <Button look="secondary" className="sm:justify-self-start" onClick={() => setOpen(true)}>
          Протокол подписания
        </Button>
      )}
      <Modal open={open} wide title="Протокол подписания" onClose={() => setOpen(false)}>
        <PdfView path={path} name="Протокол подписания" fileName={`${contract.number}-protokol.pdf`} />
      </Modal>
    </Part>
  );
}
