import { useState } from "react";

import { Problem } from "@/shared/api/problem";
import { useNow } from "@/shared/lib/now";

/** Countdown in seconds after too many attempts; 0 when a new attempt is allowed. */
export function useRetryAfter(): { left: number; begin: (problem: unknown) => void; end: () => void } {
  const [until, setUntil] = useState(0);
  const now = useNow(1_000);
  const begin = (problem: unknown) => {
    if (!(problem instanceof Problem) || problem.status !== 429) return;
    const { retry_after: seconds } = problem.document;
    if (typeof seconds === "number") setUntil(Date.now() + seconds * 1_000);
  };
  return { left: Math.max(0, Math.ceil((until - now) / 1_000)), begin, end: () => setUntil(0) };
}
