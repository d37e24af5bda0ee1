import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";

import { Button } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/feedback/empty";
import { Loading } from "@/shared/ui/feedback/loading";

import { autosavesQuery, useOpenAutosave, type AutosaveForm } from "../form/autosave";
import { StepPage } from "../step-page";
import { useStep } from "../use-step";
import { DeviceCard } from "./device-card";
import { DeviceFormPage } from "./device-form";
import { ExtraSum } from "./extra-sum";
import { firstView, type View } from "./view";

/** Step 3: the devices covered by the contract. */
export function DevicesStep() {
  const { clientId, detail, mayWrite } = useStep();
  const unsent = useQuery({ ...autosavesQuery(clientId), enabled: mayWrite });
  const [chosen, setChosen] = useState<View>();
  const known = unsent.data !== undefined || unsent.isError || unsent.fetchStatus === "paused" || !mayWrite;

  if (chosen === undefined && known) {
    const forms = (unsent.data ?? []).map(({ form }) => form);
    setChosen(firstView(detail.devices, forms, mayWrite));
  }
  if (chosen === undefined) {
    return (
      <StepPage step={3} title="Устройства">
        <Loading rows={2} />
      </StepPage>
    );
  }
  if (chosen.kind === "list") return <ListPage view={chosen} onView={setChosen} />;
  return <FormPage key={chosen.deviceId ?? "new"} view={chosen} onView={setChosen} />;
}

interface Turn {
  onView: (view: View) => void;
}

function ListPage({ view, onView }: { view: View & { kind: "list" } } & Turn) {
  const { clientId, detail, mayWrite } = useStep();
  const navigate = useNavigate();
  const onward = () => void navigate({ to: "/clients/$clientId/step/4", params: { clientId } });
  return (
    <StepPage step={3} title="Устройства" next={{ label: "Далее", press: onward }}>
      {detail.devices.length === 0 && <Empty title="Устройств пока нет" />}
      <Devices focus={view.focus} onView={onView} />
      {mayWrite && (
        <Button look="secondary" onClick={() => onView({ kind: "form", pressed: true })}>
          <Plus aria-hidden />
          {detail.devices.length === 0 ? "Добавить устройство" : "Добавить ещё"}
        </Button>
      )}
      <ExtraSum />
    </StepPage>
  );
}

function FormPage({ view, onView }: { view: View & { kind: "form" } } & Turn) {
  const { deviceId, pressed = false } = view;
  const { detail } = useStep();
  const form: AutosaveForm = deviceId === undefined ? "device" : `device-${deviceId}`;
  const autosave = useOpenAutosave(form);
  // The device as it was when the form opened; kept if it is removed meanwhile.
  const [device] = useState(() => detail.devices.find(({ id }) => id === deviceId));
  const beside = <Devices except={deviceId} onView={onView} />;
  if (autosave === undefined) {
    return (
      <StepPage step={3} title={deviceId === undefined ? "Новое устройство" : "Изменить устройство"}>
        <Loading rows={2} />
      </StepPage>
    );
  }
  return (
    <DeviceFormPage
      device={device}
      autosave={autosave}
      focused={pressed}
      leave={detail.devices.length === 0 ? "Пока без устройств" : "Отмена"}
      onLeave={() => onView({ kind: "list", focus: deviceId })}
      onDone={() => onView({ kind: "list", focus: deviceId ?? "last" })}
      beside={beside}
    />
  );
}

interface DevicesProps extends Turn {
  focus?: string | undefined;
  except?: string | undefined;
}

function Devices({ focus, except, onView }: DevicesProps) {
  const { devices } = useStep().detail;
  const focused = focus === "last" ? devices.at(-1)?.id : focus;
  return devices
    .filter(({ id }) => id !== except)
    .map((device) => (
      <DeviceCard
        key={device.id}
        device={device}
        focused={device.id === focused}
        onEdit={() => onView({ kind: "form", deviceId: device.id, pressed: true })}
      />
    ));
}
