import { PendingPhotos } from "./pending-photos";
import type { PhotoPlace } from "./upload/photo-upload";
import { PhotoPicker } from "./photo-picker";
import { PhotoStrip, type CardPhoto } from "./photo-strip";
import { photoQueue } from "./use-uploads";
import type { ComponentProps } from "react";

interface Props {
  place: PhotoPlace;
  name: string;
  photos: readonly CardPhoto[];
  /** Nothing can be added or removed. */
  readOnly?: boolean;
  removal: ComponentProps<typeof PhotoStrip>["removal"];
  onExpired: () => void;
}

/** Photos of one place: those of the card, those on their way, and how to add one. */
export function PhotoSlot({ place, name, photos, readOnly = false, removal, onExpired }: Props) {
  return (
    <div className="grid gap-3">
      <PhotoStrip
        name={name}
        photos={photos}
        removal={readOnly ? undefined : removal}
        onExpired={onExpired}
      />
      <PendingPhotos place={place} name={name} />
      {!readOnly && (
        <PhotoPicker name={name} multiple={!place.single} onFiles={(files) => photoQueue.add(place, files)} />
      )}
    </div>
  );
}
