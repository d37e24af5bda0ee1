import { FileDown, ImageOff } from "lucide-react";
import { useState } from "react";

import type { Attachment } from "../queries";

/** An image, a voice message, or a link to a file. URLs are renewed while the thread is open. */
export function AttachmentView({ file }: { file: Attachment }) {
  if (file.url === null) return null;
  const type = file.content_type ?? "";
  if (file.kind === "voice" || type.startsWith("audio/")) return <Voice url={file.url} />;
  if (file.kind === "image" || type.startsWith("image/")) return <Picture url={file.url} />;
  return (
    <a
      href={file.url}
      target="_blank"
      rel="noreferrer"
      className="flex min-h-11 items-center gap-2 font-medium text-accent underline"
    >
      <FileDown aria-hidden className="size-5 shrink-0" />
      <span className="wrap-anywhere">{file.file_name ?? "Файл"}</span>
    </a>
  );
}

/** Keeps its first URL: each response signs another one for the same image. */
function Picture({ url }: { url: string }) {
  const [held] = useState(url);
  const [failed, setFailed] = useState<string>();
  const source = failed === held ? url : held;
  if (failed === url) {
    return (
      <p className="flex items-center gap-2 text-sm text-ink-soft">
        <ImageOff aria-hidden className="size-5" />
        Фото не загрузилось
      </p>
    );
  }
  return (
    <a href={url} target="_blank" rel="noreferrer" aria-label="Открыть фото целиком">
      {/* Fixed height: loading does not move the page. */}
      <img
        src={source}
        alt="Фото"
        className="h-56 w-auto max-w-full rounded-xl bg-sunken object-contain"
        onError={() => setFailed(source)}
      />
    </a>
  );
}

/** Keeps its URL while playing. */
function Voice({ url }: { url: string }) {
  const [played, setPlayed] = useState<string>();
  return (
    // eslint-disable-next-line jsx-a11y/media-has-caption -- there is no transcript of a voice message
    <audio
      controls
      preload="none"
      src={played ?? url}
      aria-label="Голосовое сообщение"
      className="h-11 w-64 max-w-full"
      onPlay={() => setPlayed(played ?? url)}
      onEnded={() => setPlayed(undefined)}
      onError={() => setPlayed(undefined)}
    />
  );
}
