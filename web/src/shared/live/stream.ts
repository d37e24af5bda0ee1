import { createParser } from "eventsource-parser";

import { signedFetch } from "@/shared/api/http";
import { anySignal } from "@/shared/lib/abort";
import { pause } from "@/shared/lib/pause";

/** A change reported by `GET /api/events`; ids only. */
export interface Change {
  kind: string;
  id: string | undefined;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** The server sends something every 15 s; a longer silence means a dead connection. */
const SILENCE = 40_000;
/** The server closes the stream by itself, usually because the token has expired. Not an error. */
const GOODBYE = "bye";

/**
 * Follows the server's events until `signal` aborts; reconnects after every loss. `hello` comes with each
 * connection: shown data may be stale then. `onState` reports whether the stream is connected.
 */
export async function follow(
  signal: AbortSignal,
  onChange: (change: Change) => void,
  onState: (up: boolean) => void,
): Promise<void> {
  let wait = FIRST_PAUSE;
  while (!signal.aborted) {
    let dismissed = false;
    try {
      dismissed = await listen(signal, (change) => {
        wait = FIRST_PAUSE;
        onState(true);
        onChange(change);
      });
    } catch {
      // The loop reconnects after any error.
    }
    if (!dismissed) onState(false);
    await pause(wait, signal);
    wait = Math.min(LONGEST_PAUSE, wait * 2);
  }
}

/** Reads until the stream ends; true when the server closed it deliberately. */
async function listen(signal: AbortSignal, onChange: (change: Change) => void): Promise<boolean> {
  let last: string | undefined;
  const line = new AbortController();
  const both = anySignal(signal, line.signal);
  const answer = await signedFetch(
    new Request("/api/events", { headers: { Accept: "text/event-stream" }, signal: both }),
  );
  if (!answer.ok || answer.body === null) throw new Error("no stream");
  const parser = createParser({
    onEvent: ({ event, data }) => {
      last = event;
      onChange({ kind: event ?? "message", id: idOf(data) });
    },
  });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const watch = setTimeout(() => line.abort(), SILENCE);
      const { done, value } = await reader.read().finally(() => clearTimeout(watch));
      if (done) return last === GOODBYE;
      parser.feed(value);
    }
  } finally {
    line.abort();
  }
}

function idOf(data: string): string | undefined {
  const body: unknown = JSON.parse(data);
  return typeof body === "object" && body !== null && "id" in body && typeof body.id === "string"
    ? body.id
    : undefined;
}
