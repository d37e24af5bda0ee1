import { useSyncExternalStore } from "react";

import { plural } from "@/shared/lib/format";
import { pause } from "@/shared/lib/pause";
import { say } from "@/shared/ui/overlay/toast";

import { PhotoQueue, type PendingPhoto } from "./upload/queue";
import { resized } from "./upload/resize";
import { upload } from "./upload/send-file";

/** Shared by the whole app: uploads continue when their screen is left. */
export const photoQueue = new PhotoQueue({
  resized,
  upload,
  pause,
  now: () => Date.now(),
  newKey: () => crypto.randomUUID(),
  preview: { make: (file) => URL.createObjectURL(file), drop: (url) => URL.revokeObjectURL(url) },
  arrived: (count) =>
    say(
      count === 1
        ? "Фото загружено"
        : `${plural(count, "Загружено", "Загружены", "Загружено")} ${count} фото`,
    ),
});

/** Photos being uploaded to a target. */
export function useUploads(target: string): readonly PendingPhoto[] {
  return useSyncExternalStore(photoQueue.subscribe, photoQueue.snapshot).filter(
    (photo) => photo.target === target,
  );
}
