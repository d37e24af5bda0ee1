import { ImageOff, RotateCcw, X } from "lucide-react";
import { useState, type ReactNode } from "react";

import { Button } from "@/shared/ui/button";

import { PhotoInput } from "./photo-input";
import type { PhotoTarget, PhotoState } from "./upload/photo-upload";
import type { PendingPhoto } from "./upload/queue";
import { photoQueue, useUploads } from "./use-uploads";

const BAR =
  "h-1.5 w-full appearance-none overflow-hidden rounded-full bg-sunken indeterminate:animate-pulse [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:rounded-full [&::-webkit-progress-value]:bg-accent [&::-webkit-progress-value]:transition-all";

/** Photos being uploaded to a target, with progress and actions. */
export function PendingPhotos({ target, name }: { target: PhotoTarget; name: string }) {
  const photos = useUploads(target.key);
  if (photos.length === 0) return null;
  return (
    <ul aria-label={`Загружаются фото: ${name}`} className="grid gap-2">
      {photos.map((photo) => (
        <Pending key={photo.id} photo={photo} target={target} />
      ))}
    </ul>
  );
}

function Pending({ photo, target }: { photo: PendingPhoto; target: PhotoTarget }) {
  const { state } = photo;
  const failed = state.kind === "failed";
  return (
    <li
      className={`grid gap-2 rounded-xl border p-2 ${failed ? "border-danger bg-danger-soft" : "border-line bg-surface"}`}
    >
      <div className="flex items-center gap-3">
        <Preview url={photo.preview} />
        <div className="grid min-w-0 flex-1 gap-1">
          {failed ? (
            <p role="alert" className="text-sm text-danger">
              {state.reason}
            </p>
          ) : (
            <Progress state={state} />
          )}
        </div>
        {state.kind !== "checking" && (
          <Button
            look="quiet"
            size="icon"
            aria-label={failed ? "Убрать фото" : "Отменить загрузку фото"}
            onClick={() => photoQueue.remove(photo.id)}
          >
            <X aria-hidden />
          </Button>
        )}
      </div>
      <Recovery photo={photo} target={target} />
    </li>
  );
}

/** The browser may be unable to show the chosen file. */
function Preview({ url }: { url: string }) {
  const [shown, setShown] = useState(true);
  const look = "size-14 shrink-0 rounded-lg bg-sunken";
  if (shown) {
    return <img src={url} alt="" className={`${look} object-cover`} onError={() => setShown(false)} />;
  }
  return (
    <span aria-hidden className={`${look} grid place-items-center text-ink-soft`}>
      <ImageOff className="size-5" />
    </span>
  );
}

function Progress({ state }: { state: Exclude<PhotoState, { kind: "failed" }> }) {
  return (
    <>
      <p role="status" className="text-sm text-ink-soft">
        {statusText(state)}
      </p>
      <progress
        aria-label="Загрузка фото"
        max={100}
        {...(state.kind === "waiting" ? { value: 0 } : {})}
        {...(state.kind === "sending" ? { value: state.percent } : {})}
        className={BAR}
      />
    </>
  );
}

function statusText(state: Exclude<PhotoState, { kind: "failed" }>): string {
  switch (state.kind) {
    case "waiting":
      return state.why === "turn" ? "В очереди" : "Нет связи. Отправим, как только она появится";
    case "resizing":
      return "Готовим фото";
    case "sending":
      return "Отправляем";
    case "checking":
      return "Проверяем";
  }
}

/** Button that fits the state: try now, retry, or choose another file. */
function Recovery({ photo, target }: { photo: PendingPhoto; target: PhotoTarget }): ReactNode {
  const { state, id } = photo;
  if (state.kind === "waiting" && state.why === "connection") {
    return (
      <Button look="secondary" onClick={() => photoQueue.retryNow()}>
        <RotateCcw aria-hidden />
        Попробовать сейчас
      </Button>
    );
  }
  if (state.kind !== "failed") return null;
  if (state.action === "retry") {
    return (
      <Button look="secondary" onClick={() => photoQueue.retry(id)}>
        <RotateCcw aria-hidden />
        Повторить
      </Button>
    );
  }
  return (
    <PhotoInput
      onFiles={(files) => {
        photoQueue.remove(id);
        photoQueue.add(target, files);
      }}
    >
      Выбрать другую фотографию
    </PhotoInput>
  );
}
