import { createParser } from "eventsource-parser";

import { signedFetch } from "@/shared/api/http";

/** What the server says has changed; ids only (`GET /api/events`). */
export interface Change {
  kind: string;
  id: string | undefined;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** The server speaks every 15 s; a line that is silent for longer is dead. */
const SILENCE = 40_000;

/**
 * Follows the server's events until `signal` ends it, through every loss of the connection. `hello` comes with each
 * (new) connection: whatever is shown may be old then. `onState` says whether the line stands.
 */
export async function follow(
  signal: AbortSignal,
  onChange: (change: Change) => void,
  onState: (up: boolean) => void,
): Promise<void> {
  let pause = FIRST_PAUSE;
  while (!signal.aborted) {
    try {
      await listen(signal, (change) => {
        pause = FIRST_PAUSE;
        onState(true);
        onChange(change);
      });
    } catch {
      // However it ended: the loop opens the line anew.
    }
    onState(false);
    await rest(pause, signal);
    pause = Math.min(LONGEST_PAUSE, pause * 2);
  }
}

async function listen(signal: AbortSignal, onChange: (change: Change) => void): Promise<void> {
  const line = new AbortController();
  const both = AbortSignal.any([signal, line.signal]);
  const answer = await signedFetch(
    new Request("/api/events", { headers: { Accept: "text/event-stream" }, signal: both }),
  );
  if (!answer.ok || answer.body === null) throw new Error("no stream");
  const parser = createParser({
    onEvent: ({ event, data }) => onChange({ kind: event ?? "message", id: idOf(data) }),
  });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const watch = setTimeout(() => line.abort(), SILENCE);
    const { done, value } = await reader.read().finally(() => clearTimeout(watch));
    if (done) return;
    parser.feed(value);
  }
}

function idOf(data: string): string | undefined {
  const body: unknown = JSON.parse(data);
  return typeof body === "object" && body !== null && "id" in body && typeof body.id === "string"
    ? body.id
    : undefined;
}

/** Waits, but no longer than until the connection is back. */
function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    window.addEventListener("online", end);
    signal.addEventListener("abort", end);
  });
}
