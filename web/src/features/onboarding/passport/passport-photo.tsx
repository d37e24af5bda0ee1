import { PhotoSlot } from "@/entities/photos/photo-slot";
import { removePassportPhoto, useNewLinks, usePassportTarget } from "@/entities/photos/targets";
import { Part } from "@/shared/ui/layout/panel";

import { useCardWrite, useStep } from "../use-step";

/** Photo of the passport; saved independently of the fields. */
export function PassportPhoto() {
  const { clientId, detail, mayWrite } = useStep();
  const target = usePassportTarget(clientId);
  const onExpired = useNewLinks(clientId);
  const removal = useCardWrite((_: string, key) => removePassportPhoto(clientId, key));
  const url = detail.passport?.photo_url ?? null;
  const photos = url === null ? [] : [{ id: "passport", url }];
  return (
    <Part title="Фото паспорта">
      <p className="-mt-2 text-sm text-ink-soft">
        {mayWrite
          ? "Разворот с фотографией, без бликов. Договор можно оформить и без фото."
          : "Фото видит тот, кто ведёт клиента."}
      </p>
      <PhotoSlot
        target={target}
        name="Паспорт"
        photos={photos}
        readOnly={!mayWrite}
        removal={removal}
        onExpired={onExpired}
      />
    </Part>
  );
}
