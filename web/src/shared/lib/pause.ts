/** Waits until the time is up, the connection returns, `wake` fires, or `signal` aborts. */
export function pause(milliseconds: number, signal: AbortSignal, wake?: EventTarget): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      wake?.removeEventListener("wake", end);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    window.addEventListener("online", end);
    wake?.addEventListener("wake", end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
