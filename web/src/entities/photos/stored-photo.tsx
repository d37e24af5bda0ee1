import { ImageOff } from "lucide-react";
import { useEffect, useState } from "react";

import { cn } from "@/shared/lib/cn";

const MOST_TRIES = 3;
const FIRST_PAUSE = 2_000;

interface Props {
  /** Signed URL, valid for a few minutes. */
  url: string;
  alt: string;
  className?: string;
  /** The URL has expired; the caller should load a new one. */
  onExpired: () => void;
}

/** A stored photo. Each response signs its URL anew; the URL that works is kept. */
export function StoredPhoto({ url, alt, className, onExpired }: Props) {
  const [held, setHeld] = useState(url);
  const [failed, setFailed] = useState<string>();
  if (objectOf(held) !== objectOf(url)) setHeld(url);
  const shown = held === failed ? url : held;
  const broken = shown === failed;
  const [tries, setTries] = useState(0);
  // The storage may be temporarily unavailable.
  useEffect(() => {
    if (!broken || tries >= MOST_TRIES) return;
    const again = setTimeout(
      () => {
        setTries(tries + 1);
        setHeld(url);
        setFailed(undefined);
        onExpired();
      },
      FIRST_PAUSE * 2 ** tries,
    );
    return () => clearTimeout(again);
  }, [broken, tries, url, onExpired]);
  if (broken) {
    return (
      <span
        role="img"
        aria-label={`${alt}: не открывается`}
        className={cn("grid place-items-center bg-sunken text-ink-soft", className)}
      >
        <ImageOff aria-hidden />
      </span>
    );
  }
  return (
    <img
      src={shown}
      alt={alt}
      decoding="async"
      className={cn("bg-sunken", className)}
      onError={() => {
        setFailed(shown);
        if (shown === url) onExpired();
        else setHeld(url);
      }}
    />
  );
}

/** URLs of the same photo differ only in their signatures. */
function objectOf(url: string): string {
  return url.split("?", 1)[0] ?? url;
}
