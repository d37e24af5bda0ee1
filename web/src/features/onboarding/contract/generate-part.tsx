import { FileText } from "lucide-react";

import { useQueryClient } from "@tanstack/react-query";

import { keys } from "@/shared/api/queries";
import { useWrite } from "@/shared/api/write";
import type { ContractVersion } from "@/shared/clients/contracts";
import { Button } from "@/shared/ui/button";
import { Part } from "@/shared/ui/card";
import { Failure, Notice } from "@/shared/ui/notice";
import { say } from "@/shared/ui/toast";

import { useAskAgain, useStep } from "../use-step";
import { generate } from "./contracts";

/** Makes the contract, or its next version; `previous` is the one that the card has outgrown. */
export function GeneratePart({ previous }: { previous: ContractVersion | undefined }) {
  const { clientId, mayWrite } = useStep();
  const queries = useQueryClient();
  const askAgain = useAskAgain();
  const make = useWrite((_: undefined, key) => generate(clientId, key), {
    success: async () => {
      await queries.invalidateQueries({ queryKey: keys.client(clientId) });
      say("Договор готов, код отправлен клиенту");
    },
    failure: askAgain,
  });
  return (
    <Part title="Сформировать договор">
      {previous !== undefined && <Outgrown contract={previous} />}
      <p>
        Система составит договор и отправит клиенту код подтверждения в его чат поддержки. Код увидит только
        клиент.
      </p>
      {make.error !== null && <Failure error={make.error} />}
      {mayWrite && (
        <Button busy={make.isPending} className="sm:justify-self-start" onClick={() => make.send(undefined)}>
          <FileText aria-hidden />
          {make.isPending ? "Формируем договор…" : "Сформировать договор"}
        </Button>
      )}
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
