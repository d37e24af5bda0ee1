import { useEffect, useEffectEvent, useRef, type RefObject } from "react";

import { Button } from "@/shared/ui/button";
import { Failure } from "./notice";

interface Props {
  /** The scrolling element, if it is not the page. */
  frame?: RefObject<HTMLElement | null>;
  busy: boolean;
  error: unknown;
  onMore: () => void;
}

/** Loads the next page before the end of a list is reached; the button serves keyboards and failed pages. */
export function More({ frame, busy, error, onMore }: Props) {
  const end = useRef<HTMLDivElement>(null);
  const near = useEffectEvent(() => {
    if (!busy && error === null) onMore();
  });
  useEffect(() => {
    if (busy || end.current === null) return undefined;
    // Observes anew after each page: an end that stays on screen fires no event.
    const watch = new IntersectionObserver(
      (seen) => {
        if (seen.some((one) => one.isIntersecting)) near();
      },
      { root: frame?.current ?? null, rootMargin: "800px" },
    );
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [busy, frame]);
  return (
    <div ref={end} className="grid justify-items-center p-4">
      {error !== null && !busy ? (
        <Failure error={error} retry={onMore} />
      ) : (
        <Button look="quiet" busy={busy} onClick={onMore}>
          Показать ещё
        </Button>
      )}
    </div>
  );
}
