import { useSyncExternalStore } from "react";

import { Problem } from "./problem";

/**
 * Who is signed in. The access token lives in this module's memory only; the refresh token is a cookie that no
 * script can read. `unknown` until the server was asked.
 */
export type SessionStatus = "unknown" | "in" | "out";

/** Asks the server to speak of the session by cookie. */
export const BY_COOKIE = { "X-Session": "cookie" } as const;

interface Token {
  access_token: string;
}

let status: SessionStatus = "unknown";
let token: string | null = null;
let renewing: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

/** Tells the other tabs of this browser that nobody is signed in any more. */
const tabs = new BroadcastChannel("privet-session");
tabs.onmessage = () => become("out", null);

function become(next: SessionStatus, access: string | null): void {
  token = access;
  if (status === next) return;
  status = next;
  for (const listener of listeners) listener();
}

export function accessToken(): string | null {
  return token;
}

export function signedIn(answer: Token): void {
  become("in", answer.access_token);
}

export async function signOut(): Promise<void> {
  try {
    await fetch("/api/auth/logout", { method: "POST", headers: BY_COOKIE });
  } finally {
    become("out", null);
    tabs.postMessage("out");
  }
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

async function inTurn(work: () => Promise<boolean>): Promise<boolean> {
  return navigator.locks.request("privet-session", work);
}

async function askForToken(): Promise<boolean> {
  let answer: Response;
  try {
    answer = await fetch("/api/auth/refresh", { method: "POST", headers: BY_COOKIE });
  } catch {
    throw Problem.unreachable();
  }
  if (answer.ok) {
    signedIn((await answer.json()) as Token);
    return true;
  }
  if (answer.status !== 401 && answer.status !== 403) throw Problem.unreachable();
  become("out", null);
  return false;
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
