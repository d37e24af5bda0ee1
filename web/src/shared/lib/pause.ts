/** Waits; not longer than until the connection is back, `bell` rings or `signal` ends it. */
export function pause(milliseconds: number, signal: AbortSignal, bell?: EventTarget): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      bell?.removeEventListener("ring", end);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    window.addEventListener("online", end);
    bell?.addEventListener("ring", end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
