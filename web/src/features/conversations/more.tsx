import { useEffect, useEffectEvent, useRef, type RefObject } from "react";

import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/notice";

interface Props {
  /** What scrolls. */
  frame: RefObject<HTMLElement | null>;
  busy: boolean;
  error: unknown;
  onMore: () => void;
}

/** Reads on by itself when the end comes near; the button is for keyboards and for what failed. */
export function More({ frame, busy, error, onMore }: Props) {
  const end = useRef<HTMLDivElement>(null);
  const near = useEffectEvent(() => {
    if (error === null) onMore();
  });
  useEffect(() => {
    if (busy || end.current === null) return undefined;
    const watch = new IntersectionObserver(
      (seen) => {
        if (seen.some((one) => one.isIntersecting)) near();
      },
      { root: frame.current, rootMargin: "600px" },
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
