import { ImageOff } from "lucide-react";
import { useEffect, useState } from "react";

import { cn } from "@/shared/lib/cn";

const MOST_TRIES = 3;
const FIRST_PAUSE = 2_000;

interface Props {
  /** Signed, and good for some minutes. */
  url: string;
  alt: string;
  className?: string;
  /** The link does not lead to the photo any more: somebody should bring a new one. */
  onExpired: () => void;
}

/** A photo of the card. Its signature is another one with every answer; the one that works is kept. */
export function StoredPhoto({ url, alt, className, onExpired }: Props) {
  const [held, setHeld] = useState(url);
  const [failed, setFailed] = useState<string>();
  if (objectOf(held) !== objectOf(url)) setHeld(url);
  const shown = held === failed ? url : held;
  const broken = shown === failed;
  const [tries, setTries] = useState(0);
  // The store may have been away, not the link too old.
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

/** Links to the same photo differ in their signatures only. */
function objectOf(url: string): string {
  return url.split("?", 1)[0] ?? url;
}
