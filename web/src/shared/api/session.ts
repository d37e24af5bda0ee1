import { useSyncExternalStore } from "react";

import { Problem } from "./problem";

/**
 * Who is signed in. The access token lives in this module's memory only; the refresh token is a cookie that no
 * script can read. `unknown` until the server was asked.
 */
type SessionStatus = "unknown" | "in" | "out";

/** Asks the server to speak of the session by cookie. */
export const BY_COOKIE = { "X-Session": "cookie" } as const;

interface Token {
  access_token: string;
}

let status: SessionStatus = "unknown";
let token: string | null = null;
let renewing: Promise<boolean> | null = null;
/** A session that the server does not know yet to be over: its cookie must not let anybody in. */
let logoutPending = false;
/** How often a session has begun or ended by somebody's hand: an answer from before that is not heard any more. */
let changes = 0;
const listeners = new Set<() => void>();

/** Tells the other tabs of this browser that the session whose cookie they shared is over. */
const tabs = new BroadcastChannel("privet-session");
tabs.onmessage = () => changed("out", null);

function update(next: SessionStatus, access: string | null): void {
  token = access;
  if (status === next) return;
  status = next;
  for (const listener of listeners) listener();
}

function changed(next: SessionStatus, access: string | null): void {
  changes += 1;
  update(next, access);
}

export function accessToken(): string | null {
  return token;
}

/** Somebody has proven who he is. Other tabs would renew by his cookie what they show to the one before him. */
export function signedIn(answer: Token): void {
  changed("in", answer.access_token);
  tabs.postMessage("out");
}

/** At once for whoever looks at the screen; the server is told as soon as it is reached. */
export async function signOut(): Promise<void> {
  logoutPending = true;
  changed("out", null);
  tabs.postMessage("out");
  try {
    await settled();
  } catch (problem) {
    // The next renewal or log-in on this page settles it first.
    if (!(problem instanceof Problem)) throw problem;
  }
}

/** Before a log-in: the session that was left here is over, and no late answer takes the new cookie away. */
export function settled(): Promise<void> {
  return inTurn(settle);
}

/**
 * A new access token by the cookie; false: nobody is signed in any more. Throws `Problem` when the server is not
 * reached, which says nothing about the session. One renewal at a time, also over the tabs of one browser: two at once
 * would look like a stolen token.
 */
export function renew(): Promise<boolean> {
  const asked = renewing ?? inTurn(askForToken);
  renewing = asked;
  return asked.finally(() => {
    renewing = null;
  });
}

async function inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  return navigator.locks.request("privet-session", work);
}

async function askForToken(): Promise<boolean> {
  if (logoutPending) {
    await settle();
    return false;
  }
  const before = changes;
  const answer = await post("/api/auth/refresh");
  if (!answer.ok && answer.status !== 401 && answer.status !== 403) throw Problem.unreachable();
  const fresh = answer.ok ? await tokenIn(answer) : null;
  if (changes !== before) return token !== null;
  update(fresh === null ? "out" : "in", fresh);
  return fresh !== null;
}

/** Ends at the server the session that is over here. */
async function settle(): Promise<void> {
  if (!logoutPending) return;
  // Also when the tab is closed at once.
  const answer = await post("/api/auth/logout", { keepalive: true });
  if (!answer.ok && answer.status !== 401) throw Problem.unreachable();
  logoutPending = false;
}

async function post(path: string, how: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(path, { ...how, method: "POST", headers: BY_COOKIE });
  } catch {
    throw Problem.unreachable();
  }
}

async function tokenIn(answer: Response): Promise<string> {
  try {
    return ((await answer.json()) as Token).access_token;
  } catch {
    // The line was cut in the middle of the answer.
    throw Problem.unreachable();
  }
}

export function useSessionStatus(): SessionStatus {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => status,
  );
}
