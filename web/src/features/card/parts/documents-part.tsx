import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import {
  certificatePath,
  CHANNELS,
  contractsQuery,
  pdfPath,
  type ContractVersion,
} from "@/entities/clients/contracts";
import { moment } from "@/shared/lib/format";
import { PdfView } from "@/shared/pdf/pdf-view";
import { Badge, type Tone } from "@/shared/ui/badge";
import { Button } from "@/shared/ui/button";
import { Loading } from "@/shared/ui/feedback/loading";
import { Failure } from "@/shared/ui/feedback/notice";
import { Part } from "@/shared/ui/layout/panel";
import { Modal } from "@/shared/ui/overlay/modal";

import type { PartProps } from "./part-props";

/** All versions of the contract with their documents; one is open at a time. */
export function DocumentsPart({ clientId, seesAll }: PartProps) {
  const contracts = useQuery(contractsQuery(clientId));
  const versions = contracts.data?.versions;
  const [open, setOpen] = useState<Paper>();
  return (
    <Part title="Документы">
      {contracts.isError && <Failure error={contracts.error} retry={contracts.refetch} />}
      {contracts.isPending && <Loading rows={1} />}
      {versions?.length === 0 && <p className="text-ink-soft">Договора пока нет.</p>}
      {versions !== undefined && versions.length > 0 && (
        <ul className="grid gap-3">
          {versions.map((contract) => (
            <li key={contract.id} className="grid gap-2 rounded-xl border border-line p-3">
              <Version contract={contract} />
              {seesAll && <Papers clientId={clientId} contract={contract} onOpen={setOpen} />}
            </li>
          ))}
        </ul>
      )}
      {!seesAll && versions !== undefined && versions.length > 0 && (
        <p className="text-sm text-ink-soft">Договор видит менеджер, который ведёт клиента.</p>
      )}
      <Modal wide open={open !== undefined} title={open?.name ?? ""} onClose={() => setOpen(undefined)}>
        {open !== undefined && <PdfView {...open} />}
      </Modal>
    </Part>
  );
}

interface Paper {
  path: string;
  name: string;
  fileName: string;
}

const STATUSES: Record<ContractVersion["status"], { label: string; tone: Tone }> = {
  draft: { label: "Составляется", tone: "neutral" },
  sent: { label: "Ждёт подписи", tone: "warn" },
  signed: { label: "Подписан", tone: "good" },
  void: { label: "Аннулирован", tone: "neutral" },
  declined: { label: "Клиент отказался", tone: "danger" },
};

function Version({ contract }: { contract: ContractVersion }) {
  const { label, tone } = STATUSES[contract.status];
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="font-semibold">Договор {contract.number}</h3>
        <Badge tone={tone}>{label}</Badge>
        {contract.outdated && contract.status !== "signed" && <Badge tone="warn">Устарел</Badge>}
      </div>
      <p className="text-sm text-ink-soft">
        Версия {contract.version} · {happened(contract)}
      </p>
    </>
  );
}

/** The latest event of the version, with its time. */
function happened(contract: ContractVersion): string {
  if (contract.signed_at !== null) {
    const where =
      contract.confirm_channel === null ? "" : ` · ${CHANNELS[contract.confirm_channel].toLowerCase()}`;
    return `подписан ${moment(contract.signed_at)}${where}`;
  }
  if (contract.voided_at !== null) return `аннулирован ${moment(contract.voided_at)}`;
  if (contract.sent_at !== null) return `отправлен клиенту ${moment(contract.sent_at)}`;
  return `составлен ${moment(contract.created_at)}`;
}

interface PapersProps {
  clientId: string;
  contract: ContractVersion;
  onOpen: (paper: Paper) => void;
}

function Papers({ clientId, contract, onOpen }: PapersProps) {
  const { id, number } = contract;
  const pdf = { path: pdfPath(clientId, id), name: `Договор ${number}`, fileName: `${number}.pdf` };
  const certificate = {
    path: certificatePath(clientId, id),
    name: `Протокол подписания ${number}`,
    fileName: `${number}-protokol.pdf`,
  };
  return (
    <div className="flex flex-wrap gap-2">
      {contract.contract_url !== null && (
        <Button look="secondary" aria-label={`Открыть договор ${number}`} onClick={() => onOpen(pdf)}>
          Открыть
        </Button>
      )}
      {contract.certificate_url !== null && (
        <Button
          look="secondary"
          aria-label={`Протокол подписания ${number}`}
          onClick={() => onOpen(certificate)}
        >
          Протокол подписания
        </Button>
      )}
    </div>
  );
}
