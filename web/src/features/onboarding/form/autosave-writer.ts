import { Problem } from "@/shared/api/problem";

/** Form values stored by the server until the form is sent. */
export interface Stored {
  values: Values;
  version: number;
  updated_at: string;
}

export type Values = Record<string, unknown>;

/** Requests to the server; both throw `Problem`. */
export interface AutosaveCalls {
  put: (values: Values, version: number | null) => Promise<Stored>;
  remove: () => Promise<unknown>;
}

export type AutosaveState =
  | { kind: "quiet" }
  | { kind: "typing" }
  | { kind: "saved"; at: string }
  | { kind: "waiting" }
  /** Another window has saved this form; nothing is saved until the manager chooses. */
  | { kind: "changed"; theirs: Stored }
  | { kind: "refused"; problem: Problem };

const DEBOUNCE = 800;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 10_000;
const GONE = "gone";

/**
 * Saves one form to the server: one request at a time, latest values only, with retries after a lost connection.
 * Kept in memory after the form is closed, so that leaving a page loses nothing.
 */
export class AutosaveWriter {
  private current: AutosaveState = { kind: "quiet" };
  private wanted: Values | typeof GONE | undefined;
  private sending: Values | typeof GONE | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pause = FIRST_PAUSE;
  private readonly listeners = new Set<() => void>();
  private readonly calls: AutosaveCalls;
  private stored: Stored | null;

  constructor(calls: AutosaveCalls, stored: Stored | null) {
    this.calls = calls;
    this.stored = stored;
  }

  readonly state = (): AutosaveState => this.current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Values not yet saved. */
  get unsent(): Values | undefined {
    const newest = this.wanted ?? this.sending;
    return newest === GONE ? undefined : newest;
  }

  get busy(): boolean {
    return this.wanted !== undefined || this.sending !== undefined;
  }

  /** Values for a form that is opened again; null after it was sent or discarded. */
  get latest(): Stored | null {
    if (this.wanted === GONE || (this.wanted === undefined && this.sending === GONE)) return null;
    const unsent = this.unsent;
    if (unsent === undefined) return this.stored;
    return { values: unsent, version: this.stored?.version ?? 0, updated_at: new Date().toISOString() };
  }

  readonly type = (values: Values): void => {
    if (same(values, this.wanted ?? this.sending ?? this.stored?.values)) return;
    this.wanted = values;
    if (this.current.kind === "changed") return;
    this.update({ kind: "typing" });
    this.schedule(DEBOUNCE);
  };

  /** Discards the autosave: the form was sent or equals the card. */
  readonly discard = (): void => {
    if (this.stored === null && this.sending === undefined) {
      this.wanted = undefined;
      clearTimeout(this.timer);
      if (this.current.kind !== "quiet") this.update({ kind: "quiet" });
      return;
    }
    if ((this.wanted ?? this.sending) === GONE) return;
    this.wanted = GONE;
    if (this.current.kind === "changed") this.update({ kind: "typing" });
    void this.run();
  };

  /** Saves pending values now: the page is left, or the connection is back. */
  readonly flush = (): void => {
    if (this.wanted !== undefined) void this.run();
  };

  /** Resolves a conflict in favour of this window. */
  readonly keepMine = (): void => {
    if (this.current.kind !== "changed") return;
    this.stored = this.current.theirs;
    this.update({ kind: "typing" });
    void this.run();
  };

  readonly takeTheirs = (): void => {
    if (this.current.kind !== "changed") return;
    this.stored = this.current.theirs;
    this.wanted = undefined;
    this.update({ kind: "saved", at: this.stored.updated_at });
  };

  private update(next: AutosaveState): void {
    this.current = next;
    for (const listener of this.listeners) listener();
  }

  private schedule(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), delay);
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    if (this.sending !== undefined || this.current.kind === "changed") return;
    while (this.wanted !== undefined) {
      this.sending = this.wanted;
      this.wanted = undefined;
      try {
        await this.send(this.sending);
        this.pause = FIRST_PAUSE;
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        this.wanted ??= this.sending;
        if (!this.continuesAfter(problem)) return;
      } finally {
        this.sending = undefined;
      }
    }
  }

  private async send(wanted: Values | typeof GONE): Promise<void> {
    if (wanted === GONE) {
      await this.calls.remove();
      this.stored = null;
      if (this.wanted === undefined) this.update({ kind: "quiet" });
      return;
    }
    this.stored = await this.calls.put(wanted, this.stored?.version ?? null);
    if (this.wanted === undefined) this.update({ kind: "saved", at: this.stored.updated_at });
  }

  private continuesAfter(problem: Problem): boolean {
    if (problem.passing) {
      this.update({ kind: "waiting" });
      this.schedule(this.pause);
      this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
      return false;
    }
    if (problem.code !== "autosave-changed") {
      this.update({ kind: "refused", problem });
      return false;
    }
    const theirs = problem.document.current;
    // Discarded in the other window: start again from these values.
    this.stored = null;
    if (!isStored(theirs)) return true;
    this.update({ kind: "changed", theirs });
    return false;
  }
}

function isStored(value: unknown): value is Stored {
  return (
    typeof value === "object" &&
    value !== null &&
    "version" in value &&
    typeof value.version === "number" &&
    "updated_at" in value &&
    typeof value.updated_at === "string" &&
    "values" in value &&
    typeof value.values === "object" &&
    value.values !== null
  );
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
