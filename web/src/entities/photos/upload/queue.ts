import {
  PhotoUpload,
  type InTurn,
  type UploadTools,
  type PhotoTarget,
  type PhotoState,
} from "./photo-upload";
import { afterFailure } from "./retry";

/** A photo in the upload queue. */
export interface PendingPhoto {
  id: number;
  target: string;
  /** Object URL of the file. */
  preview: string;
  state: PhotoState;
}

export interface QueueTools extends UploadTools {
  /** Waits for some milliseconds, or until the connection returns, `wake` fires, or `signal` aborts. */
  pause: (milliseconds: number, signal: AbortSignal, wake: EventTarget) => Promise<void>;
  preview: { make: (file: File) => string; drop: (url: string) => void };
  /** Called when no uploads of a target are left in progress, with the number of photos stored. */
  arrived: (count: number) => void;
}

interface Job {
  upload: PhotoUpload;
  ended: AbortController;
  going: boolean;
}

const CONCURRENCY = 2;

/** Queue of photo uploads, independent of the open screen; runs `CONCURRENCY` uploads at a time. */
export class PhotoQueue {
  private readonly tools: QueueTools;
  private readonly jobs = new Map<number, Job>();
  private readonly listeners = new Set<() => void>();
  private readonly arrivals = new Map<string, number>();
  private readonly wake = new EventTarget();
  private photos: readonly PendingPhoto[] = [];
  private last = 0;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(tools: QueueTools) {
    this.tools = tools;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): readonly PendingPhoto[] => this.photos;

  add(target: PhotoTarget, files: readonly File[]): void {
    const chosen = target.single ? files.slice(-1) : files;
    if (target.single && chosen.length > 0) this.of(target.key).forEach(({ id }) => this.drop(id));
    const added = chosen.map((file) => this.pending(target, file));
    this.update([...this.photos, ...added]);
    this.start();
  }

  /** Cancels an upload. */
  remove(id: number): void {
    this.drop(id);
    this.start();
  }

  retry(id: number): void {
    this.tell(id, { kind: "waiting", why: "turn" });
    this.start();
  }

  /** Ends all pauses: uploads that wait for the connection are tried again now. */
  retryNow(): void {
    this.wake.dispatchEvent(new Event("wake"));
  }

  /** Cancels all uploads, at the end of a session. */
  clear(): void {
    for (const { id } of this.photos) this.drop(id);
    this.arrivals.clear();
  }

  private pending(target: PhotoTarget, file: File): PendingPhoto {
    this.last += 1;
    const upload = new PhotoUpload(file, target, this.tools, this.inTurn);
    this.jobs.set(this.last, { upload, ended: new AbortController(), going: false });
    const preview = this.tools.preview.make(file);
    return { id: this.last, target: target.key, preview, state: { kind: "waiting", why: "turn" } };
  }

  private start(): void {
    let going = [...this.jobs.values()].filter((job) => job.going).length;
    for (const photo of this.photos) {
      if (going >= CONCURRENCY) return;
      const job = this.jobs.get(photo.id);
      if (job === undefined || job.going || photo.state.kind !== "waiting") continue;
      going += 1;
      job.going = true;
      void this.process(photo, job);
    }
  }

  private async process(photo: PendingPhoto, job: Job): Promise<void> {
    const arrived = await this.tried(photo.id, job);
    job.going = false;
    if (arrived && this.jobs.has(photo.id)) {
      this.arrivals.set(photo.target, (this.arrivals.get(photo.target) ?? 0) + 1);
      this.drop(photo.id);
    }
    this.announce(photo.target);
    this.start();
  }

  private async tried(id: number, { upload, ended: { signal } }: Job): Promise<boolean> {
    const gone = () => signal.aborted;
    for (let tries = 0; !gone(); tries += 1) {
      try {
        await upload.attempt((state) => this.tell(id, state), signal);
        return true;
      } catch (failure) {
        if (gone()) return false;
        const next = afterFailure(failure, upload.stage, tries);
        if (next.anew) upload.startAnew();
        if (next.kind === "stop") {
          this.tell(id, { kind: "failed", reason: next.reason, action: next.action });
          return false;
        }
        this.tell(id, { kind: "waiting", why: "connection" });
        await this.tools.pause(next.after, signal, this.wake);
      }
    }
    return false;
  }

  private readonly inTurn: InTurn = (work) => {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  };

  private announce(target: string): void {
    const count = this.arrivals.get(target) ?? 0;
    const underway = this.of(target).some(({ state }) => state.kind !== "failed");
    if (count === 0 || underway) return;
    this.arrivals.delete(target);
    this.tools.arrived(count);
  }

  private of(target: string): readonly PendingPhoto[] {
    return this.photos.filter((photo) => photo.target === target);
  }

  private tell(id: number, state: PhotoState): void {
    this.update(this.photos.map((photo) => (photo.id === id ? { ...photo, state } : photo)));
  }

  private drop(id: number): void {
    const photo = this.photos.find((one) => one.id === id);
    if (photo === undefined) return;
    this.jobs.get(id)?.ended.abort();
    this.jobs.delete(id);
    this.tools.preview.drop(photo.preview);
    this.update(this.photos.filter((one) => one.id !== id));
  }

  private update(photos: readonly PendingPhoto[]): void {
    this.photos = photos;
    for (const listener of this.listeners) listener();
  }
}
