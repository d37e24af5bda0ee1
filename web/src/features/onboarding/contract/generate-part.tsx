import type { ContractVersion } from "@/entities/clients/contracts";
import type { Problem } from "@/shared/api/problem";
import { Failure, Notice } from "@/shared/ui/feedback/notice";
import { Part } from "@/shared/ui/layout/panel";

interface Props {
  /** The version that no longer matches the card. */
  previous: ContractVersion | undefined;
  error: Problem | null;
}

/** Before a contract, or its next version, is made: what it will do. */
export function GeneratePart({ previous, error }: Props) {
  return (
    <Part title="Сформировать договор">
      {previous !== undefined && <Outgrown contract={previous} />}
      <p>Система составит договор и отправит клиенту код подтверждения. Код увидит только клиент.</p>
      {error !== null && <Failure error={error} />}
    </Part>
  );
}

function Outgrown({ contract }: { contract: ContractVersion }) {
  return contract.status === "signed" ? (
    <Notice kind="info">
      После подписания договора {contract.number} добавлены устройства: нужно дополнительное соглашение. Счёт
      будет только на новые устройства.
    </Notice>
  ) : (
    <Notice kind="warn">
      После договора {contract.number} данные клиента изменились. Сформируйте новую версию: прежний код уже не
      действует.
    </Notice>
  );
}
