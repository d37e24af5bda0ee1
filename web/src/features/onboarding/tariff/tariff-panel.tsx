import { useQuery } from "@tanstack/react-query";
import { useRef, useState, type ComponentProps } from "react";

import type { Card, Detail } from "@/entities/clients/card";
import { Badge } from "@/shared/ui/badge";
import { Button } from "@/shared/ui/button";
import { Loading } from "@/shared/ui/feedback/loading";
import { Failure, Notice } from "@/shared/ui/feedback/notice";
import { Part } from "@/shared/ui/layout/panel";

import { useOpenAutosave } from "../form/autosave";
import { useStep } from "../use-step";
import { calculate } from "./calculation";
import { CalculationTable } from "./calculation-table";
import { tariffsQuery } from "./forecast";
import { TariffChooser } from "./tariff-form";

/** First part of step 4: the tariff and the resulting sum. Used below the wizard's frame. */
export function TariffPanel({ clientId, card: { detail } }: { clientId: string; card: Card }) {
  const { mayWrite } = useStep();
  const [changing, setChanging] = useState(false);
  const { tariff } = detail;
  const panel = useRef<HTMLDivElement>(null);
  // The pressed button is gone: focus moves to the panel.
  const settled = () => {
    setChanging(false);
    panel.current?.focus();
  };
  const choosing = mayWrite && (tariff === null || changing);
  return (
    <div ref={panel} tabIndex={-1} className="scroll-mt-20 outline-none">
      <Part
        title="Тариф"
        action={
          tariff !== null &&
          mayWrite &&
          !choosing && (
            <Button look="secondary" size="small" className="min-h-11" onClick={() => setChanging(true)}>
              Изменить тариф
            </Button>
          )
        }
      >
        {choosing && (
          <Choosing
            clientId={clientId}
            detail={detail}
            onDone={settled}
            onCancel={tariff === null ? undefined : settled}
          />
        )}
        {!choosing && <Applied detail={detail} />}
      </Part>
    </div>
  );
}

function Choosing(props: Omit<ComponentProps<typeof TariffChooser>, "offered" | "autosave">) {
  const tariffs = useQuery(tariffsQuery);
  const autosave = useOpenAutosave("tariff");
  if (tariffs.isError) return <Failure error={tariffs.error} retry={() => tariffs.refetch()} />;
  if (tariffs.data === undefined || autosave === undefined) return <Loading />;
  return <TariffChooser {...props} offered={tariffs.data} autosave={autosave} />;
}

function Applied({ detail }: { detail: Detail }) {
  const { tariff, devices, contract } = detail;
  if (tariff === null) return <p className="text-ink-soft">Тариф ещё не выбран.</p>;
  const signed = contract !== null && contract.signed_at !== null;
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-semibold wrap-anywhere">{tariff.name}</span>
        <Badge tone="good">Применён</Badge>
      </p>
      <CalculationTable calculation={calculate(devices, tariff.extra_per_device)} baseFee={tariff.base_fee} />
      {signed && (
        <Notice kind="info">
          Договор уже подписан. Если вы добавили устройства, в новый счёт войдут только они.
        </Notice>
      )}
    </>
  );
}
