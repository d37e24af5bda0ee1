import { Errand, type InTurn, type Means, type PhotoPlace, type PhotoState } from "./photo-upload";
import { afterFailure } from "./retry";

/** A photo on its way, as it is shown. */
export interface PendingPhoto {
  id: number;
  place: string;
  /** Of the file in this browser's memory. */
  preview: string;
  state: PhotoState;
}

export interface QueueMeans extends Means {
  /** Milliseconds; shorter when the connection returns or `bell` rings. Ends at once when the photo is taken away. */
  pause: (milliseconds: number, signal: AbortSignal, bell: EventTarget) => Promise<void>;
  preview: { make: (file: File) => string; drop: (url: string) => void };
  /** Every photo of a place that could be brought there has arrived. */
  arrived: (count: number) => void;
}

interface Job {
  errand: Errand;
  ended: AbortController;
  going: boolean;
}

const AT_ONCE = 2;

/** Photos on their way, whatever screen is shown meanwhile; some at once, the others in line. */
export class PhotoQueue {
  private readonly means: QueueMeans;
  private readonly jobs = new Map<number, Job>();
  private readonly listeners = new Set<() => void>();
  private readonly arrivals = new Map<string, number>();
  private readonly bell = new EventTarget();
  private photos: readonly PendingPhoto[] = [];
  private last = 0;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(means: QueueMeans) {
    this.means = means;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): readonly PendingPhoto[] => this.photos;

  add(place: PhotoPlace, files: readonly File[]): void {
    const chosen = place.single ? files.slice(-1) : files;
    if (place.single && chosen.length > 0) this.of(place.key).forEach(({ id }) => this.drop(id));
    const added = chosen.map((file) => this.pending(place, file));
    this.become([...this.photos, ...added]);
    this.start();
  }

  /** Takes a photo away that has not arrived. */
  remove(id: number): void {
    this.drop(id);
    this.start();
  }

  retry(id: number): void {
    this.tell(id, { kind: "waiting", why: "turn" });
    this.start();
  }

  /** No more pauses: whatever waits for the connection tries it now. */
  hurry(): void {
    this.bell.dispatchEvent(new Event("ring"));
  }

  /** For the end of a session: the next one at this screen may be somebody else. */
  forget(): void {
    for (const { id } of this.photos) this.drop(id);
    this.arrivals.clear();
  }

  private pending(place: PhotoPlace, file: File): PendingPhoto {
    this.last += 1;
    const errand = new Errand(file, place, this.means, this.inTurn);
    this.jobs.set(this.last, { errand, ended: new AbortController(), going: false });
    const preview = this.means.preview.make(file);
    return { id: this.last, place: place.key, preview, state: { kind: "waiting", why: "turn" } };
  }

  private start(): void {
    let going = [...this.jobs.values()].filter((job) => job.going).length;
    for (const photo of this.photos) {
      if (going >= AT_ONCE) return;
      const job = this.jobs.get(photo.id);
      if (job === undefined || job.going || photo.state.kind !== "waiting") continue;
      going += 1;
      job.going = true;
      void this.carry(photo, job);
    }
  }

  private async carry(photo: PendingPhoto, job: Job): Promise<void> {
    const arrived = await this.tried(photo.id, job);
    job.going = false;
    if (arrived && this.jobs.has(photo.id)) {
      this.arrivals.set(photo.place, (this.arrivals.get(photo.place) ?? 0) + 1);
      this.drop(photo.id);
    }
    this.announce(photo.place);
    this.start();
  }

  private async tried(id: number, { errand, ended: { signal } }: Job): Promise<boolean> {
    const gone = () => signal.aborted;
    for (let tries = 0; !gone(); tries += 1) {
      try {
        await errand.attempt((state) => this.tell(id, state), signal);
        return true;
      } catch (failure) {
        if (gone()) return false;
        const next = afterFailure(failure, errand.stage, tries);
        if (next.anew) errand.startAnew();
        if (next.kind === "stop") {
          this.tell(id, { kind: "failed", reason: next.reason, cure: next.cure });
          return false;
        }
        this.tell(id, { kind: "waiting", why: "connection" });
        await this.means.pause(next.after, signal, this.bell);
      }
    }
    return false;
  }

  private readonly inTurn: InTurn = (work) => {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  };

  private announce(place: string): void {
    const count = this.arrivals.get(place) ?? 0;
    const underway = this.of(place).some(({ state }) => state.kind !== "failed");
    if (count === 0 || underway) return;
    this.arrivals.delete(place);
    this.means.arrived(count);
  }

  private of(place: string): readonly PendingPhoto[] {
    return this.photos.filter((photo) => photo.place === place);
  }

  private tell(id: number, state: PhotoState): void {
    this.become(this.photos.map((photo) => (photo.id === id ? { ...photo, state } : photo)));
  }

  private drop(id: number): void {
    const photo = this.photos.find((one) => one.id === id);
    if (photo === undefined) return;
    this.jobs.get(id)?.ended.abort();
    this.jobs.delete(id);
    this.means.preview.drop(photo.preview);
    this.become(this.photos.filter((one) => one.id !== id));
  }

  private become(photos: readonly PendingPhoto[]): void {
    this.photos = photos;
    for (const listener of this.listeners) listener();
  }
}
