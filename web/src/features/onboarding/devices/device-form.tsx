import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";

import type { Detail } from "@/entities/clients/card";
import type { SchemaCardDevice } from "@/shared/api/generated/schema";
import { Button } from "@/shared/ui/button";
import { Panel } from "@/shared/ui/layout/panel";
import { Confirm } from "@/shared/ui/overlay/confirm";

import type { OpenAutosave } from "../form/autosave";
import { alike } from "../form/conflict";
import { useStepForm, type StepFormRules } from "../form/step-form";
import { StepFormPage } from "../form/step-form-page";
import { DeviceFields } from "./device-fields";
import { deviceResolver, EMPTY, FIELDS, formOf, type DeviceForm } from "./device-values";
import { addDevice, changeDevice } from "./device-writes";

interface Props {
  /** Absent for a new device. */
  device: SchemaCardDevice | undefined;
  autosave: OpenAutosave;
  /** Focuses the first field. */
  focused: boolean;
  /** Leaves the form without saving. */
  leave: string;
  onLeave: () => void;
  onDone: () => void;
  beside: ReactNode;
}

/** Form of a new or existing device; the other devices are listed below. */
export function DeviceFormPage({ device, autosave, focused, leave, onLeave, onDone, beside }: Props) {
  const rules = useMemo(() => rulesOf(device), [device]);
  const stepForm = useStepForm(rules, autosave, {
    needed: device === undefined,
    done: device === undefined ? "Устройство добавлено" : "Устройство сохранено",
    onDone,
  });
  const { setFocus } = stepForm.form;
  const begun = useRef(!focused);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    window.scrollTo({ top: 0 });
    setFocus("device_type");
  }, [setFocus]);
  const title = device === undefined ? "Новое устройство" : "Изменить устройство";
  return (
    <StepFormPage step={3} title={title} label="Сохранить устройство" stepForm={stepForm} beside={beside}>
      <Panel aria-label={title} className="grid gap-4">
        <DeviceFields form={stepForm.form} />
        <Leaving
          label={leave}
          typed={!alike(FIELDS, stepForm.typed, device === undefined ? EMPTY : formOf(device))}
          onLeave={() => {
            autosave.writer.discard();
            onLeave();
          }}
        />
      </Panel>
    </StepFormPage>
  );
}

/** Leaves the form; asks before discarding typed values. */
function Leaving({ label, typed, onLeave }: { label: string; typed: boolean; onLeave: () => void }) {
  const [asked, setAsked] = useState(false);
  return (
    <>
      <Button
        look="quiet"
        className="-ml-3 justify-self-start"
        onClick={() => (typed ? setAsked(true) : onLeave())}
      >
        {label}
      </Button>
      <Confirm
        open={asked}
        title="Не сохранять введённое?"
        action="Не сохранять"
        danger
        onConfirm={onLeave}
        onClose={() => setAsked(false)}
      >
        <p>То, что вы ввели об этом устройстве, пропадёт.</p>
      </Confirm>
    </>
  );
}

function rulesOf(device: SchemaCardDevice | undefined): StepFormRules<DeviceForm> {
  const now = (detail: Detail) => detail.devices.find(({ id }) => id === device?.id);
  return {
    fields: FIELDS,
    resolver: deviceResolver,
    mode: "onSubmit",
    fromCard: (detail) => {
      const found = now(detail) ?? device;
      return found === undefined ? EMPTY : formOf(found);
    },
    save: (clientId, form, headers) =>
      device === undefined
        ? addDevice(clientId, form, headers)
        : changeDevice(clientId, device, form, headers),
    places: () => ({
      device_type: "device_type",
      title: "title",
      description: "description",
      specs: "specs",
      extra_fee: "extra_fee",
    }),
  };
}
