import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { SchemaFiguresView } from "@/shared/api/generated/schema";
import { api, ask } from "@/shared/api/http";
import { useMe } from "@/shared/api/me";
import { keys } from "@/shared/api/queries";
import { Empty } from "@/shared/ui/feedback/empty";
import { Loading } from "@/shared/ui/feedback/loading";
import { Failure } from "@/shared/ui/feedback/notice";
import { Page } from "@/shared/ui/layout/page";
import { Panel } from "@/shared/ui/layout/panel";

import { FunnelPlot } from "./funnel-plot";
import { ConversationsNow, Installation } from "./now-tiles";
import { PeriodChoice, type Period } from "./period";
import { LinePlot } from "./plots/line-plot";
import { StepTimes } from "./step-times";

const EVERY_MINUTE = 60_000;

export function FiguresScreen() {
  const me = useMe();
  const [days, setDays] = useState<Period>(30);
  if (!me.is_super_admin) {
    return (
      <Page title="Показатели">
        <Empty title="Показатели видит администратор системы">
          Если они вам нужны, попросите его открыть доступ.
        </Empty>
      </Page>
    );
  }
  return (
    <Page title="Показатели" wide actions={<PeriodChoice chosen={days} onChoose={setDays} />}>
      <Figures days={days} />
    </Page>
  );
}

function Figures({ days }: { days: Period }) {
  const figures = useQuery({
    queryKey: keys.figures(days),
    queryFn: ({ signal }) =>
      ask(api.GET("/api/manager/admin/figures", { params: { query: { days } }, signal })),
    refetchInterval: EVERY_MINUTE,
    placeholderData: (before) => before,
  });
  const summary = useQuery({
    queryKey: keys.summary,
    queryFn: ({ signal }) => ask(api.GET("/api/admin/summary", { signal })),
    refetchInterval: EVERY_MINUTE,
  });
  if (figures.data === undefined) {
    return figures.error === null ? (
      <Loading rows={5} />
    ) : (
      <Failure error={figures.error} retry={figures.refetch} />
    );
  }
  return (
    <div className="grid grid-cols-1 gap-6" aria-busy={figures.isPlaceholderData}>
      <ConversationsNow now={figures.data.conversations} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <FunnelPlot steps={figures.data.funnel} />
        <StepTimes steps={figures.data.time_in_step} />
      </div>
      <Plots figures={figures.data} />
      {summary.data !== undefined && <Installation summary={summary.data} />}
      {summary.error !== null && <Failure error={summary.error} retry={summary.refetch} />}
    </div>
  );
}

function Plots({ figures: { daily, messages_daily: messages } }: { figures: SchemaFiguresView }) {
  return (
    <section aria-label="По дням" className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <Panel>
        <LinePlot
          title="Клиенты по дням"
          days={daily.map((one) => one.day)}
          series={[
            { label: "Пришли", look: "info", values: daily.map((one) => one.registered) },
            { label: "Подписали", look: "warn", values: daily.map((one) => one.signed) },
            { label: "Обработаны", look: "accent", values: daily.map((one) => one.processed) },
          ]}
        />
      </Panel>
      <Panel>
        <LinePlot
          title="Сообщения по дням"
          days={messages.map((one) => one.day)}
          series={[
            { label: "Входящие", look: "info", values: messages.map((one) => one.inbound) },
            { label: "Ответы", look: "accent", values: messages.map((one) => one.outbound) },
            { label: "Автоответы", look: "warn", values: messages.map((one) => one.auto) },
            { label: "Не отправлены", look: "danger", values: messages.map((one) => one.failed) },
          ]}
        />
      </Panel>
    </section>
  );
}
