import { PendingPhotos } from "./pending-photos";
import { PhotoPicker } from "./photo-picker";
import { PhotoStrip, type CardPhoto } from "./photo-strip";
import type { PhotoTarget } from "./upload/photo-upload";
import { photoQueue } from "./use-uploads";
import type { ComponentProps } from "react";

interface Props {
  target: PhotoTarget;
  name: string;
  photos: readonly CardPhoto[];
  /** Photos cannot be added or removed. */
  readOnly?: boolean;
  removal: ComponentProps<typeof PhotoStrip>["removal"];
  onExpired: () => void;
}

/** Photos of one target: stored photos, uploads in progress, and the picker. */
export function PhotoSlot({ target, name, photos, readOnly = false, removal, onExpired }: Props) {
  return (
    <div className="grid gap-3">
      <PhotoStrip
        name={name}
        photos={photos}
        removal={readOnly ? undefined : removal}
        onExpired={onExpired}
      />
      <PendingPhotos target={target} name={name} />
      {!readOnly && (
        <PhotoPicker
          name={name}
          multiple={!target.single}
          onFiles={(files) => photoQueue.add(target, files)}
        />
      )}
    </div>
  );
}
