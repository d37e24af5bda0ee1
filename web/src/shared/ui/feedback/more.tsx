import { useEffect, useEffectEvent, useRef, type RefObject } from "react";

import { Button } from "@/shared/ui/button";
import { Failure } from "./notice";

interface Props {
  /** What scrolls, when that is not the page. */
  frame?: RefObject<HTMLElement | null>;
  busy: boolean;
  error: unknown;
  onMore: () => void;
}

/** Reads on by itself before the end of a list is seen; the button is for keyboards and for a failed page. */
export function More({ frame, busy, error, onMore }: Props) {
  const end = useRef<HTMLDivElement>(null);
  const near = useEffectEvent(() => {
    if (!busy && error === null) onMore();
  });
  useEffect(() => {
    if (busy || end.current === null) return undefined;
    // Anew after each page: one that leaves the end in sight says nothing by itself.
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
