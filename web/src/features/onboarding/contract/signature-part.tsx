import { Smartphone } from "lucide-react";

import { useQuery } from "@tanstack/react-query";

import type { CodeDelivery } from "@/entities/clients/card";
import type { ContractVersion } from "@/entities/clients/contracts";
import { countdown } from "@/shared/lib/format";
import { useNow } from "@/shared/lib/now";
import { Loading } from "@/shared/ui/feedback/loading";
import { Failure, Notice } from "@/shared/ui/feedback/notice";
import { Part } from "@/shared/ui/layout/panel";

import { useStep } from "../use-step";
import { rulesQuery } from "./contracts";
import { DeviceCode } from "./device-code";
import { Resend } from "./resend";
import { codeStatus, codeWay, coolDown, type CodeStatus } from "./stage";

interface Props {
  contract: ContractVersion;
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  ahead: number;
}

/** Waits for the client's signature; unmounts when the card changes. */
export function SignaturePart({ contract, ahead }: Props) {
  const { detail, mayWrite } = useStep();
  const rules = useQuery(rulesQuery);
  const now = useNow(1_000) + ahead;
  const advice = codeStatus(contract.code, now);
  if (rules.isError) return <Failure error={rules.error} retry={rules.refetch} />;
  if (rules.data === undefined) return <Loading rows={1} />;
  return (
    <Part title="Подпись клиента">
      <div className="flex items-start gap-3">
        <Smartphone aria-hidden className="mt-0.5 size-6 shrink-0 text-accent" />
        <div>
          <p className="font-medium">Ждём подписи в приложении клиента</p>
          <p className="text-sm text-ink-soft">
            Клиент открывает договор у себя и вводит код. Как только он подпишет, страница обновится сама.
          </p>
        </div>
      </div>
      <CodeState advice={advice} delivery={detail.contract?.code_delivery} />
      {mayWrite && (
        <>
          <Resend wait={coolDown(contract.code?.sent_at ?? null, rules.data.otp_resend_seconds, now)} />
          <DeviceCode
            codeActive={advice.kind === "active"}
            sentAt={contract.code?.sent_at}
            phoneConfirmed={detail.user.phone_confirmed_at !== null}
          />
        </>
      )}
    </Part>
  );
}

function CodeState({ advice, delivery }: { advice: CodeStatus; delivery: CodeDelivery | null | undefined }) {
  const way = codeWay(delivery);
  switch (advice.kind) {
    case "active":
      return way.trouble !== undefined ? (
        <Notice kind="danger" title={way.title}>
          <p>{way.trouble}</p>
        </Notice>
      ) : (
        <Notice kind="info" title={way.title}>
          <p>
            Действует ещё <span aria-hidden>{countdown(advice.secondsLeft)}</span>
            <span className="sr-only">{Math.ceil(advice.secondsLeft / 60)} мин</span>. Осталось попыток:{" "}
            {advice.triesLeft}.
          </p>
        </Notice>
      );
    case "expired":
      return <Notice kind="warn">Срок действия кода истёк. Отправьте клиенту новый.</Notice>;
    case "locked":
      return (
        <Notice kind="danger" title="Код заблокирован: слишком много неверных попыток">
          <p>
            Отправьте новый код. Если система откажет, попросите клиента запросить код самому: в его
            приложении, на странице договора.
          </p>
        </Notice>
      );
    case "none":
      return <Notice kind="warn">Действующего кода нет. Отправьте клиенту новый.</Notice>;
  }
}
