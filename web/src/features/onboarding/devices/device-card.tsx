import { Pencil, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { PhotoSlot } from "@/entities/photos/photo-slot";
import { removeDevicePhoto, useDeviceTarget, useNewLinks } from "@/entities/photos/targets";
import type { SchemaCardDevice } from "@/shared/api/generated/schema";
import { money } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { Panel, Fact, Facts } from "@/shared/ui/layout/panel";
import { Confirm } from "@/shared/ui/overlay/confirm";
import { say } from "@/shared/ui/overlay/toast";

import { useCardWrite, useStep } from "../use-step";
import { removeDevice } from "./device-writes";
import { rowsOf } from "./specs";

interface Props {
  device: SchemaCardDevice;
  /** Just saved: takes the keyboard focus. */
  focused?: boolean;
  onEdit: () => void;
}

/** A device with its photos and actions. */
export function DeviceCard({ device, focused = false, onEdit }: Props) {
  const { mayWrite } = useStep();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focused) heading.current?.focus();
  }, [focused]);
  return (
    <Panel aria-label={device.title} className="grid gap-4">
      <header>
        <p className="text-sm text-ink-soft">{device.device_type}</p>
        <h2 ref={heading} tabIndex={-1} className="scroll-mt-20 text-lg font-semibold wrap-anywhere">
          {device.title}
        </h2>
      </header>
      <About device={device} />
      <DevicePhotos device={device} />
      {mayWrite && (
        <footer className="-mb-2 flex flex-wrap gap-2 border-t border-line pt-2">
          <Button look="quiet" className="-ml-3" aria-label={`Изменить: ${device.title}`} onClick={onEdit}>
            <Pencil aria-hidden />
            Изменить
          </Button>
          <Removal device={device} />
        </footer>
      )}
    </Panel>
  );
}

function About({ device }: { device: SchemaCardDevice }) {
  const rows = rowsOf(device.specs);
  const own = device.extra_fee !== null && device.extra_fee > 0;
  if (device.description === null && rows.length === 0 && !own) return null;
  return (
    <div className="grid gap-3">
      {device.description !== null && (
        <p className="wrap-anywhere whitespace-pre-line">{device.description}</p>
      )}
      {(rows.length > 0 || own) && (
        <Facts>
          {rows.map(({ name, value }) => (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ))}
          {own && <Fact name="Своя цена">{money(device.extra_fee ?? 0)}</Fact>}
        </Facts>
      )}
    </div>
  );
}

function DevicePhotos({ device }: { device: SchemaCardDevice }) {
  const { clientId, mayWrite } = useStep();
  const target = useDeviceTarget(clientId, device.id);
  const removal = useCardWrite(
    (photoId: string, key: string) => removeDevicePhoto(clientId, device.id, photoId, key),
    { success: () => say("Фото удалено") },
  );
  return (
    <PhotoSlot
      target={target}
      name={device.title}
      photos={device.photos.map(({ id, file_url }) => ({ id, url: file_url }))}
      readOnly={!mayWrite}
      removal={removal}
      onExpired={useNewLinks(clientId)}
    />
  );
}

function Removal({ device }: { device: SchemaCardDevice }) {
  const { clientId } = useStep();
  const [asked, setAsked] = useState(false);
  const removal = useCardWrite((deviceId: string, key: string) => removeDevice(clientId, deviceId, key), {
    success: () => say("Устройство удалено"),
  });
  return (
    <>
      <Button
        look="quiet"
        className="text-danger"
        aria-label={`Удалить: ${device.title}`}
        onClick={() => {
          removal.reset();
          setAsked(true);
        }}
      >
        <Trash2 aria-hidden />
        Удалить
      </Button>
      <Confirm
        open={asked}
        title="Удалить устройство?"
        action="Удалить"
        danger
        busy={removal.isPending}
        error={removal.error}
        onConfirm={() => removal.send(device.id)}
        onClose={() => setAsked(false)}
      >
        <p className="wrap-anywhere">
          «{device.title}» и фото этого устройства будут удалены из карточки. Подписанные договоры не
          изменятся.
        </p>
      </Confirm>
    </>
  );
}
