import type { SchemaUploadTicket } from "@/shared/api/generated/schema";
import { withTimeout } from "@/shared/lib/abort";

import type { Stage } from "./retry";

/** Where a photo is stored, with the two calls that store it. */
export interface PhotoTarget {
  key: string;
  /** Holds one photo only: a new upload replaces the one in progress. */
  single: boolean;
  ticket: (contentType: string, signal: AbortSignal) => Promise<SchemaUploadTicket>;
  /** Idempotent for the same key. */
  attach: (fileKey: string, idempotencyKey: string, signal: AbortSignal) => Promise<void>;
}

export type PhotoState =
  | { kind: "waiting"; why: "turn" | "connection" }
  | { kind: "resizing" }
  | { kind: "sending"; percent: number }
  | { kind: "checking" }
  | { kind: "failed"; reason: string; action: "retry" | "choose" };

/** Browser functions that an upload uses. */
export interface UploadTools {
  resized: (file: File) => Promise<Blob>;
  upload: (
    ticket: SchemaUploadTicket,
    photo: Blob,
    way: { signal: AbortSignal; progress: (percent: number) => void },
  ) => Promise<void>;
  now: () => number;
  newKey: () => string;
}

/** Runs one attachment at a time, so that the last response is the latest card. */
export type InTurn = (work: () => Promise<void>) => Promise<void>;

/** A ticket is valid for five minutes; the last minute is reserved for the upload. */
const TICKET_IS_FRESH = 4 * 60_000;
const LONGEST_ANSWER = 60_000;

/** Upload of one photo. Steps that have succeeded are not repeated by the next attempt. */
export class PhotoUpload {
  stage: Stage = "resize";

  private readonly file: File;
  private readonly target: PhotoTarget;
  private readonly tools: UploadTools;
  private readonly inTurn: InTurn;
  private photo: Blob | undefined;
  private ticket: { value: SchemaUploadTicket; since: number } | undefined;
  private stored: { fileKey: string; idempotencyKey: string } | undefined;

  constructor(file: File, target: PhotoTarget, tools: UploadTools, inTurn: InTurn) {
    this.file = file;
    this.target = target;
    this.tools = tools;
    this.inTurn = inTurn;
  }

  /** Continues from the first unfinished step; throws the error that stopped it. */
  async attempt(tell: (state: PhotoState) => void, signal: AbortSignal): Promise<void> {
    const photo = await this.prepared(tell);
    this.stored ??= await this.sent(photo, tell, signal);
    this.stage = "attach";
    tell({ kind: "checking" });
    const { fileKey, idempotencyKey } = this.stored;
    await this.inTurn(async () => {
      if (signal.aborted) return;
      await withTimeout(signal, LONGEST_ANSWER, (both) => this.target.attach(fileKey, idempotencyKey, both));
    });
  }

  /** Discards the ticket and the stored file. */
  startAnew(): void {
    this.ticket = undefined;
    this.stored = undefined;
  }

  private async prepared(tell: (state: PhotoState) => void): Promise<Blob> {
    if (this.photo !== undefined) return this.photo;
    this.stage = "resize";
    tell({ kind: "resizing" });
    this.photo = await this.tools.resized(this.file);
    return this.photo;
  }

  private async sent(photo: Blob, tell: (state: PhotoState) => void, signal: AbortSignal) {
    this.stage = "ticket";
    tell({ kind: "sending", percent: 0 });
    const value = await this.freshTicket(photo.type, signal);
    this.stage = "send";
    signal.throwIfAborted();
    await this.tools.upload(value, photo, {
      signal,
      progress: (percent) => tell({ kind: "sending", percent }),
    });
    return { fileKey: value.file_key, idempotencyKey: this.tools.newKey() };
  }

  private async freshTicket(contentType: string, signal: AbortSignal): Promise<SchemaUploadTicket> {
    if (this.ticket === undefined || this.tools.now() - this.ticket.since > TICKET_IS_FRESH) {
      const since = this.tools.now();
      const value = await withTimeout(signal, LONGEST_ANSWER, (both) =>
        this.target.ticket(contentType, both),
      );
      this.ticket = { value, since };
    }
    return this.ticket.value;
  }
}
