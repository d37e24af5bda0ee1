import { useSyncExternalStore } from "react";

import { Problem } from "./problem";

/**
 * Session status. The access token is kept in memory only; the refresh token is an HttpOnly cookie. `unknown`
 * until the server is asked.
 */
type SessionStatus = "unknown" | "in" | "out";

/** Asks the server to keep the session in a cookie. */
export const BY_COOKIE = { "X-Session": "cookie" } as const;

interface Token {
  access_token: string;
}

let status: SessionStatus = "unknown";
let token: string | null = null;
let renewing: Promise<boolean> | null = null;
/** The session has ended here, but the server does not know yet: its cookie must not be used. */
let logoutPending = false;
/** Number of sign-ins and sign-outs; a renewal started before the last one is ignored. */
let changes = 0;
const listeners = new Set<() => void>();

/** Tells other tabs that the shared session is over. */
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

/** Starts a session. Other tabs sign out: they show data of the previous manager. */
export function signedIn(answer: Token): void {
  changed("in", answer.access_token);
  tabs.postMessage("out");
}

/** Signs out at once; the server is told as soon as it is reachable. */
export async function signOut(): Promise<void> {
  logoutPending = true;
  changed("out", null);
  tabs.postMessage("out");
  try {
    await settled();
  } catch (problem) {
    // The next renewal or sign-in settles it.
    if (!(problem instanceof Problem)) throw problem;
  }
}

/** Call before signing in: ends the previous session, so that a late response cannot clear the new cookie. */
export function settled(): Promise<void> {
  return inTurn(settle);
}

/**
 * Renews the access token by the cookie; false when the session is over. Throws `Problem` when the server is
 * unreachable, which leaves the session open. Only one renewal runs at a time across tabs: two would look like a
 * stolen token.
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

/** Ends the session on the server. */
async function settle(): Promise<void> {
  if (!logoutPending) return;
  // Completes even if the tab is closed.
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
    // The connection was lost in the middle of the response.
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
