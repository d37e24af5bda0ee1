/** As `AbortSignal.any`, which Safari has since 17.4 and Firefox since 124: aborts with the first of the signals. */
export function anySignal(...signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController();
  const abort = (event: Event) => end((event.target as AbortSignal).reason);
  const end = (reason: unknown) => {
    for (const signal of signals) signal.removeEventListener("abort", abort);
    all.abort(reason);
  };
  const over = signals.find((signal) => signal.aborted);
  if (over !== undefined) {
    all.abort(over.reason);
    return all.signal;
  }
  for (const signal of signals) signal.addEventListener("abort", abort);
  return all.signal;
}

/** Runs `work` with a signal that also aborts, with a `TimeoutError`, after so many milliseconds. */
export async function withTimeout<Answer>(
  signal: AbortSignal,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DOMException("no answer", "TimeoutError")), milliseconds);
  try {
    return await work(anySignal(signal, late.signal));
  } finally {
    clearTimeout(timer);
  }
}
