import { useEffect, useEffectEvent, useRef } from "react";

import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/notice";

interface Props {
  busy: boolean;
  error: unknown;
  onMore: () => void;
}

/** Reads on by itself before the end of the list is seen; the button is for keyboards and for a failed page. */
export function More({ busy, error, onMore }: Props) {
  const end = useRef<HTMLDivElement>(null);
  const near = useEffectEvent(() => {
    if (!busy && error === null) onMore();
  });
  useEffect(() => {
    if (busy || end.current === null) return;
    // Anew after each page: one that leaves the end in sight says nothing by itself.
    const watch = new IntersectionObserver(
      (seen) => {
        if (seen.some((one) => one.isIntersecting)) near();
      },
      { rootMargin: "800px" },
    );
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [busy]);
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
