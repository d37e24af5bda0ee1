import { useEffect, useLayoutEffect, useRef, useState } from "react";

/** Pixels from the end that count as the end. */
const NEAR = 48;

/**
 * Keeps a reversed column at its end (`scrollTop` is 0 there and negative above). While the user reads further up,
 * the position is held and `unseen` is set. An own message scrolls to the end.
 */
export function useFollowEnd(newest: string | undefined, own: string | undefined) {
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  const last = useRef({ newest, own });
  const [unseen, setUnseen] = useState(false);

  useLayoutEffect(() => {
    const element = frame.current;
    const { newest: before, own: ownBefore } = last.current;
    last.current = { newest, own };
    if (element === null) return;
    if (own !== undefined && own !== ownBefore) {
      element.scrollTop = 0;
    } else if (newest !== before && element.scrollTop < -NEAR) {
      element.scrollTop -= element.scrollHeight - height.current;
      setUnseen(true);
    }
  }, [newest, own]);

  useEffect(() => {
    const element = frame.current;
    if (element === null || content.current === null) return undefined;
    // Runs after the effect above, which needs the height before the new message.
    const growth = new ResizeObserver(() => {
      height.current = element.scrollHeight;
    });
    growth.observe(content.current);
    const look = () => {
      if (element.scrollTop >= -NEAR) setUnseen(false);
    };
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      growth.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);

  const toEnd = () => {
    frame.current?.scrollTo({ top: 0, behavior: "smooth" });
    frame.current?.focus({ preventScroll: true });
  };
  return { frame, content, unseen, toEnd };
}
