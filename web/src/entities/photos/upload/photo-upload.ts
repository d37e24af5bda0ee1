import type { SchemaUploadTicket } from "@/shared/api/generated/schema";

import type { Stage } from "./retry";

/** Where a photo belongs, and the two calls that bring it there. */
export interface PhotoTarget {
  key: string;
  /** One photo only: a new one takes the target of the one on its way. */
  single: boolean;
  ticket: (contentType: string, signal: AbortSignal) => Promise<SchemaUploadTicket>;
  /** Repeating it with the same key must not add the photo twice. */
  attach: (fileKey: string, idempotencyKey: string, signal: AbortSignal) => Promise<void>;
}

export type PhotoState =
  | { kind: "waiting"; why: "turn" | "connection" }
  | { kind: "resizing" }
  | { kind: "sending"; percent: number }
  | { kind: "checking" }
  | { kind: "failed"; reason: string; cure: "retry" | "choose" };

/** What the way of a photo needs of the browser. */
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

/** Attaching is done by one at a time: then the last answer is the latest card. */
export type InTurn = (work: () => Promise<void>) => Promise<void>;

/** A ticket is good for five minutes; the last one is left for the sending. */
const TICKET_IS_FRESH = 4 * 60_000;
const LONGEST_ANSWER = 60_000;

/** The way of one photo to the card. What is done already is not done again when it is tried once more. */
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

  /** Goes as far as it can get; throws what stopped it. */
  async attempt(tell: (state: PhotoState) => void, signal: AbortSignal): Promise<void> {
    const photo = await this.prepared(tell);
    this.stored ??= await this.sent(photo, tell, signal);
    this.stage = "attach";
    tell({ kind: "checking" });
    const { fileKey, idempotencyKey } = this.stored;
    await this.inTurn(async () => {
      if (!signal.aborted) await this.target.attach(fileKey, idempotencyKey, withTimeout(signal));
    });
  }

  /** What was sent is of no use any more. */
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
      this.ticket = { value: await this.target.ticket(contentType, withTimeout(signal)), since };
    }
    return this.ticket.value;
  }
}

function withTimeout(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(LONGEST_ANSWER)]);
}
