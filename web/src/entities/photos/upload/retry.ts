import { Problem, sentence } from "@/shared/api/problem";

import { NotAPhoto } from "./resize";

/** Step at which an upload failed. */
export type Stage = "resize" | "ticket" | "send" | "attach";

/** What the manager can do about a failed upload: retry, or choose another file. */
type RecoveryAction = "retry" | "choose";

/** `anew`: the next try needs a new ticket and a new key. */
type Next =
  | { kind: "again"; after: number; anew: boolean }
  | { kind: "stop"; reason: string; action: RecoveryAction; anew: boolean };

const LONGEST_PAUSE = 15_000;
const SERVER_ERROR_TRIES = 4;
const TICKET_TRIES = 3;

/** Milliseconds before the next try. */
export function pauseAfter(tries: number): number {
  return Math.min(LONGEST_PAUSE, 500 * 2 ** tries);
}

/**
 * Decides what follows a failure. Lost connections are retried indefinitely. A request that may have succeeded is
 * repeated with the same key, so that a photo is not stored twice. A ticket that the storage rejects is replaced.
 */
export function afterFailure(failure: unknown, stage: Stage, tries: number): Next {
  const again = (anew = false): Next => ({ kind: "again", after: pauseAfter(tries), anew });
  if (failure instanceof NotAPhoto) return stop(failure.message, "choose", true);
  if (failure instanceof DOMException && failure.name === "TimeoutError") return again();
  if (!(failure instanceof Problem)) return stop(sentence(failure), "retry", stage !== "attach");
  if (failure.passing) return again();
  if (failure.status === 429) return { kind: "again", after: secondsAsked(failure) * 1000, anew: false };
  if (failure.status >= 500) {
    return tries < SERVER_ERROR_TRIES ? again() : stop(failure.message, "retry", false);
  }
  if (stage === "send") return afterRefusedUpload(failure, tries);
  if (failure.status === 422) return stop(failure.message, "choose", true);
  return stop(failure.message, "retry", stage !== "attach");
}

/** The storage answers 400 or 403 to an expired ticket; the gateway answers 403. */
function afterRefusedUpload(failure: Problem, tries: number): Next {
  if (failure.status === 413 || failure.status === 422) return stop(messageOf(failure), "choose", true);
  if (tries + 1 < TICKET_TRIES) return { kind: "again", after: pauseAfter(tries), anew: true };
  return stop(messageOf(failure), "retry", true);
}

function messageOf(failure: Problem): string {
  return failure.code === "unreadable"
    ? "Хранилище не приняло фото. Попробуйте ещё раз или выберите другое."
    : failure.message;
}

function stop(reason: string, action: RecoveryAction, anew: boolean): Next {
  return { kind: "stop", reason, action, anew };
}

function secondsAsked({ document }: Problem): number {
  return typeof document.retry_after === "number" ? Math.max(1, document.retry_after) : 5;
}
