import { createParser } from "eventsource-parser";

import { signedFetch } from "@/shared/api/http";
import { pause } from "@/shared/lib/pause";

/** What the server says has changed; ids only (`GET /api/events`). */
export interface Change {
  kind: string;
  id: string | undefined;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** The server speaks every 15 s; a line that is silent for longer is dead. */
const SILENCE = 40_000;
/** The server ends the line by itself, most often because its token has run out: nothing is wrong with it. */
const GOODBYE = "bye";

/**
 * Follows the server's events until `signal` ends it, through every loss of the connection. `hello` comes with each
 * (new) connection: whatever is shown may be old then. `onState` says whether the line stands.
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
      // However it ended: the loop opens the line anew.
    }
    if (!dismissed) onState(false);
    await pause(wait, signal);
    wait = Math.min(LONGEST_PAUSE, wait * 2);
  }
}

/** Until the line ends; true: the server has said goodbye. */
async function listen(signal: AbortSignal, onChange: (change: Change) => void): Promise<boolean> {
  let last: string | undefined;
  const line = new AbortController();
  const both = AbortSignal.any([signal, line.signal]);
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
