import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";

import { cardOf, type Card, type Detail } from "@/entities/clients/card";
import type { SchemaOfferedTariff } from "@/shared/api/generated/schema";
import { api, ask, askWhole } from "@/shared/api/http";
import { Problem } from "@/shared/api/problem";
import { keys } from "@/shared/api/queries";
import { Button } from "@/shared/ui/button";
import { Failure, Notice } from "@/shared/ui/feedback/notice";

import type { OpenAutosave } from "../form/autosave";
import { AutosaveGuard } from "../form/autosave-guard";
import { AutosaveChanged, AutosaveRefused } from "../form/autosave-notes";
import { ConflictPanel } from "../form/conflict-panel";
import type { WriteHeaders } from "../form/form-write";
import { useStepForm, type StepForm, type StepFormRules } from "../form/step-form";
import { useStep } from "../use-step";
import { calculate } from "./calculation";
import { CalculationTable } from "./calculation-table";
import { forecastQuery } from "./forecast";
import { TariffChoice } from "./tariff-choice";
import { fieldsOf, formOf, tariffIdOf, tariffResolver, type TariffForm } from "./tariff-values";

interface Props {
  clientId: string;
  detail: Detail;
  offered: readonly SchemaOfferedTariff[];
  autosave: OpenAutosave;
  onDone: () => void;
  /** Returns to the applied tariff; absent when there is none. */
  onCancel: (() => void) | undefined;
}

/** Chooses a tariff, shows the resulting sum, applies it. */
export function TariffChooser({ clientId, detail, offered, autosave, onDone, onCancel }: Props) {
  const { mayWrite } = useStep();
  const rules = useRules(offered, detail.devices.length);
  const stepForm = useStepForm(rules, autosave, {
    needed: detail.tariff === null,
    done: "Тариф применён",
    onDone,
  });
  const { form, busy, waiting } = stepForm;
  const error = form.formState.errors.tariff_id?.message;
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        stepForm.submit();
      }}
    >
      <Differences stepForm={stepForm} />
      <fieldset disabled={!mayWrite} className="grid min-w-0 gap-4">
        <legend className="sr-only">Выбор тарифа</legend>
        <TariffChoice offered={offered} field={form.register("tariff_id")} error={error} />
        <Forecast clientId={clientId} detail={detail} form={stepForm.typed} offered={offered} />
      </fieldset>
      <AutosaveRefused state={stepForm.autosaveState} />
      <Refused error={stepForm.error} />
      {waiting && <Notice kind="warn">Нет связи: применим тариф, когда она появится.</Notice>}
      {mayWrite && (
        <div className="flex flex-wrap gap-2">
          <Button type="submit" busy={busy && !waiting} disabled={waiting} className="flex-1 sm:flex-none">
            Применить тариф
          </Button>
          {onCancel !== undefined && (
            <Button
              look="secondary"
              onClick={() => {
                autosave.writer.discard();
                onCancel();
              }}
            >
              Отмена
            </Button>
          )}
        </div>
      )}
      <AutosaveGuard autosave={autosave} />
    </form>
  );
}

function useRules(offered: readonly SchemaOfferedTariff[], deviceCount: number): StepFormRules<TariffForm> {
  const queries = useQueryClient();
  return useMemo(() => {
    const save = async (clientId: string, form: TariffForm, header: WriteHeaders): Promise<Card> => {
      const path = { client_id: clientId };
      const body = { device_count: deviceCount, tariff_id: tariffIdOf(form) };
      try {
        await ask(
          api.POST("/api/manager/clients/{client_id}/tariff/apply", { params: { path, header }, body }),
        );
      } catch (problem) {
        if (isMiscounted(problem)) await queries.refetchQueries({ queryKey: keys.card(clientId) });
        throw problem;
      }
      return cardOf(await askWhole(api.GET("/api/manager/clients/{client_id}", { params: { path } })));
    };
    return {
      fields: fieldsOf(offered),
      fromCard: formOf,
      resolver: tariffResolver,
      save,
      places: () => ({ tariff_id: "tariff_id" as const }),
    };
  }, [offered, deviceCount, queries]);
}

function isMiscounted(problem: unknown): boolean {
  return problem instanceof Problem && problem.code === "device-count-mismatch";
}

function Refused({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  if (!isMiscounted(error)) return <Failure error={error} />;
  return (
    <Notice kind="danger" title="Список устройств изменился">
      Пока вы выбирали тариф, устройство добавили или удалили. Расчёт уже обновлён: проверьте его и примените
      тариф ещё раз.
    </Notice>
  );
}

function Differences({ stepForm }: { stepForm: StepForm<TariffForm> }) {
  const { theirs, typed, fields, found } = stepForm;
  return (
    <>
      {theirs !== undefined && (
        <AutosaveChanged
          fields={fields}
          theirs={theirs}
          mine={typed}
          onTake={stepForm.takeTheirs}
          onKeep={stepForm.autosave.writer.keepMine}
        />
      )}
      {found.length > 0 && (
        <ConflictPanel
          called={stepForm.called}
          found={found}
          onTakeNew={stepForm.takeNew}
          onKeepMine={stepForm.keepMine}
        />
      )}
    </>
  );
}

interface ForecastProps extends Pick<Props, "clientId" | "detail" | "offered"> {
  form: TariffForm;
}

function Forecast({ clientId, detail, form, offered }: ForecastProps) {
  const { devices } = detail;
  const tariffId = tariffIdOf(form);
  const forecast = useQuery({
    ...forecastQuery(clientId, tariffId, devices.length),
    enabled: form.tariff_id !== "",
  });
  if (form.tariff_id === "") return null;
  if (forecast.isError) return <Failure error={forecast.error} retry={() => forecast.refetch()} />;
  if (forecast.data === undefined) return null;
  const chosen = offered.find(({ id }) => id === tariffId);
  return (
    <div role="group" aria-label="Расчёт" aria-busy={forecast.isPlaceholderData}>
      <CalculationTable
        calculation={calculate(devices, forecast.data.extra_per_device)}
        {...(chosen === undefined ? {} : { baseFee: chosen.base_fee })}
      />
    </div>
  );
}
