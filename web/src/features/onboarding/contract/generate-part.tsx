import type { Problem } from "@/shared/api/problem";
import type { ContractVersion } from "@/entities/clients/contracts";
import { Part } from "@/shared/ui/layout/panel";
import { Failure, Notice } from "@/shared/ui/feedback/notice";

interface Props {
  /** The version that the card has outgrown. */
  previous: ContractVersion | undefined;
  error: Problem | null;
}

/** Before a contract, or its next version: what making it will do. */
export function GeneratePart({ previous, error }: Props) {
  return (
    <Part title="Сформировать договор">
      {previous !== undefined && <Outgrown contract={previous} />}
      <p>
        Система составит договор и отправит клиенту код подтверждения в его чат поддержки. Код увидит только
        клиент.
      </p>
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
