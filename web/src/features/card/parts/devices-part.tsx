import { PhotoStrip } from "@/entities/photos/photo-strip";
import { useNewLinks } from "@/entities/photos/targets";
import type { SchemaCardDevice } from "@/shared/api/generated/schema";
import { money } from "@/shared/lib/format";
import { Fact, Facts, Part } from "@/shared/ui/layout/panel";

import { EditLink } from "./edit-link";
import type { PartProps } from "./part-props";

export function DevicesPart({ clientId, detail: { devices }, mayFill, seesAll }: PartProps) {
  return (
    <Part
      title="Устройства"
      action={mayFill && <EditLink clientId={clientId} to="/clients/$clientId/step/3" what="устройства" />}
    >
      {devices.length === 0 && <p className="text-ink-soft">Устройств пока нет.</p>}
      {devices.length > 0 && (
        <ul className="grid gap-3">
          {devices.map((device) => (
            <li key={device.id} className="grid gap-3 rounded-xl border border-line p-3">
              <Device clientId={clientId} device={device} />
            </li>
          ))}
        </ul>
      )}
      {!seesAll && devices.length > 0 && (
        <p className="text-sm text-ink-soft">Фото видит менеджер, который ведёт клиента.</p>
      )}
    </Part>
  );
}

function Device({ clientId, device }: { clientId: string; device: SchemaCardDevice }) {
  const specs = Object.entries(device.specs ?? {});
  return (
    <>
      <div>
        <p className="text-sm text-ink-soft">{device.device_type}</p>
        <h3 className="font-semibold wrap-anywhere">{device.title}</h3>
        {device.description !== null && (
          <p className="wrap-anywhere whitespace-pre-line">{device.description}</p>
        )}
      </div>
      {(specs.length > 0 || isOwn(device.extra_fee)) && (
        <Facts>
          {specs.map(([name, value]) => (
            <Fact key={name} name={name}>
              {typeof value === "string" ? value : JSON.stringify(value)}
            </Fact>
          ))}
          {isOwn(device.extra_fee) && <Fact name="Своя цена">{money(device.extra_fee)}</Fact>}
        </Facts>
      )}
      <PhotoStrip
        name={device.title}
        photos={device.photos.map(({ id, file_url }) => ({ id, url: file_url }))}
        onExpired={useNewLinks(clientId)}
      />
    </>
  );
}

/** A price of zero means that the tariff's price applies. */
function isOwn(fee: number | null): fee is number {
  return fee !== null && fee > 0;
}
