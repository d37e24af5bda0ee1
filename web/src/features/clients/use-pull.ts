import { useEffect, useEffectEvent, useState } from "react";

import { isPulled, pullDistance } from "./pull";

/** Pull to refresh by touch. `distance` is the indicator's position in pixels. */
export function usePull(refresh: () => Promise<unknown>): { distance: number; busy: boolean } {
  const [distance, setWay] = useState(0);
  const [busy, setBusy] = useState(false);

  const letGo = useEffectEvent(async (reached: number) => {
    setWay(0);
    if (!isPulled(reached) || busy) return;
    setBusy(true);
    await refresh().finally(() => setBusy(false));
  });

  useEffect(() => {
    let from: number | null = null;
    let reached = 0;
    const begin = ({ touches }: TouchEvent) => {
      from = window.scrollY <= 0 && touches.length === 1 ? (touches[0]?.clientY ?? null) : null;
      reached = 0;
    };
    const move = ({ touches }: TouchEvent) => {
      if (from === null) return;
      reached = window.scrollY > 0 ? 0 : pullDistance((touches[0]?.clientY ?? from) - from);
      setWay(reached);
    };
    const end = () => {
      if (from !== null) void letGo(reached);
      from = null;
    };
    const quiet = { passive: true };
    window.addEventListener("touchstart", begin, quiet);
    window.addEventListener("touchmove", move, quiet);
    window.addEventListener("touchend", end);
    window.addEventListener("touchcancel", end);
    return () => {
      window.removeEventListener("touchstart", begin);
      window.removeEventListener("touchmove", move);
      window.removeEventListener("touchend", end);
      window.removeEventListener("touchcancel", end);
    };
  }, []);

  return { distance, busy };
}
