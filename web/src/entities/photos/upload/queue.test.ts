import { beforeEach, describe, expect, it } from "vitest";

import { Problem } from "@/shared/api/problem";

import type { PhotoTarget } from "./photo-upload";
import { PhotoQueue, type QueueTools } from "./queue";

const photo = (name: string) => new File(["pixels"], name, { type: "image/jpeg" });
const refused = (status: number, code: string) => new Problem({ status, code, detail: "Слишком темно." });

/** Runs all pending microtasks. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

let log: string[];
let pauses: (() => void)[];
let uploads: { done: () => void; fail: (failure: Error) => void; signal: AbortSignal }[];
let attach: (fileKey: string, key: string) => Promise<void>;
let clock: number;
let queue: PhotoQueue;

function target(key = "device", single = false): PhotoTarget {
  return {
    key,
    single,
    ticket: (contentType) => {
      log.push(`ticket ${contentType}`);
      const count = log.filter((line) => line.startsWith("ticket")).length;
      return Promise.resolve({
        url: "https://store",
        method: "POST",
        fields: {},
        headers: {},
        file_key: `f${count}`,
      });
    },
    attach: (fileKey, idempotencyKey) => {
      log.push(`attach ${fileKey} ${idempotencyKey}`);
      return attach(fileKey, idempotencyKey);
    },
  };
}

beforeEach(() => {
  log = [];
  pauses = [];
  uploads = [];
  clock = 0;
  attach = () => Promise.resolve();
  let keys = 0;
  const tools: QueueTools = {
    resized: (file) => Promise.resolve(file),
    upload: (_, __, { signal }) =>
      new Promise((resolve, reject) => uploads.push({ done: resolve, fail: reject, signal })),
    pause: () => new Promise((resolve) => pauses.push(resolve)),
    now: () => clock,
    newKey: () => `key${++keys}`,
    preview: { make: (file) => `blob:${file.name}`, drop: (url) => log.push(`dropped ${url}`) },
    arrived: (count) => log.push(`arrived ${count}`),
  };
  queue = new PhotoQueue(tools);
});

const states = () => queue.snapshot().map(({ state }) => state.kind);
const idOf = (index: number) => queue.snapshot()[index]?.id ?? -1;

describe("photos on their way", () => {
  it("go two at once, the others wait for their turn", async () => {
    queue.add(target(), [photo("a"), photo("b"), photo("c")]);
    await settled();
    expect(states()).toEqual(["sending", "sending", "waiting"]);
    uploads[0]?.done();
    await settled();
    expect(states()).toEqual(["sending", "sending"]);
  });

  it("leave the list when the card has them, and it is said once for all of them", async () => {
    queue.add(target(), [photo("a"), photo("b")]);
    await settled();
    uploads.forEach(({ done }) => done());
    await settled();
    expect(queue.snapshot()).toEqual([]);
    expect(log.filter((line) => line.startsWith("arrived"))).toEqual(["arrived 2"]);
    expect(log).toContain("dropped blob:a");
  });

  it("are sent again by the same ticket when the connection was lost in the middle", async () => {
    queue.add(target(), [photo("a")]);
    await settled();
    uploads[0]?.fail(Problem.unreachable());
    await settled();
    expect(queue.snapshot()[0]?.state).toEqual({ kind: "waiting", why: "connection" });
    pauses[0]?.();
    await settled();
    uploads[1]?.done();
    await settled();
    expect(log.slice(0, 2)).toEqual(["ticket image/jpeg", "attach f1 key1"]);
    expect(queue.snapshot()).toEqual([]);
  });

  it("get a new ticket when the old one is about to expire", async () => {
    queue.add(target(), [photo("a")]);
    await settled();
    uploads[0]?.fail(Problem.unreachable());
    clock = 5 * 60_000;
    await settled();
    pauses[0]?.();
    await settled();
    uploads[1]?.done();
    await settled();
    expect(log).toContain("attach f2 key1");
  });

  it("are attached under one key, however often the answer was lost", async () => {
    let lost = 2;
    attach = () => (lost-- > 0 ? Promise.reject(Problem.unreachable()) : Promise.resolve());
    queue.add(target(), [photo("a")]);
    await settled();
    uploads[0]?.done();
    await settled();
    pauses[0]?.();
    await settled();
    pauses[1]?.();
    await settled();
    expect(log.filter((line) => line.startsWith("attach"))).toEqual(Array(3).fill("attach f1 key1"));
    expect(uploads).toHaveLength(1);
    expect(queue.snapshot()).toEqual([]);
  });

  it("are attached one after another, so that the last answer is the latest card", async () => {
    const answers: (() => void)[] = [];
    attach = () => new Promise((resolve) => answers.push(resolve));
    queue.add(target("one"), [photo("a")]);
    queue.add(target("two"), [photo("b")]);
    await settled();
    uploads.forEach(({ done }) => done());
    await settled();
    expect(answers).toHaveLength(1);
    answers[0]?.();
    await settled();
    expect(answers).toHaveLength(2);
  });

  it("stay with the reason when they were refused, and start from the beginning when tried again", async () => {
    attach = () => Promise.reject(refused(422, "photo-rejected"));
    queue.add(target(), [photo("a")]);
    await settled();
    uploads[0]?.done();
    await settled();
    expect(queue.snapshot()[0]?.state).toEqual({
      kind: "failed",
      reason: "Слишком темно.",
      action: "choose",
    });
    attach = () => Promise.resolve();
    queue.retry(idOf(0));
    await settled();
    uploads[1]?.done();
    await settled();
    expect(log.filter((line) => line.startsWith("attach"))).toEqual(["attach f1 key1", "attach f2 key2"]);
  });

  it("make room for the next one when they failed", async () => {
    queue.add(target(), [photo("a"), photo("b"), photo("c")]);
    await settled();
    uploads[0]?.fail(refused(413, "too-large"));
    await settled();
    expect(states()).toEqual(["failed", "sending", "sending"]);
  });

  it("stop when they are taken away", async () => {
    queue.add(target(), [photo("a")]);
    await settled();
    queue.remove(idOf(0));
    expect(uploads[0]?.signal.aborted).toBe(true);
    uploads[0]?.fail(Problem.unreachable());
    await settled();
    expect(queue.snapshot()).toEqual([]);
    expect(log).not.toContain("attach f1 key1");
  });

  it("give way to a newer one where there is room for one only", async () => {
    queue.add(target("passport", true), [photo("a")]);
    await settled();
    queue.add(target("passport", true), [photo("b")]);
    await settled();
    uploads.forEach(({ done }) => done());
    await settled();
    expect(log.filter((line) => line.startsWith("attach"))).toEqual(["attach f2 key2"]);
    expect(log).toContain("arrived 1");
  });

  it("are forgotten at the end of the session", async () => {
    queue.add(target(), [photo("a"), photo("b"), photo("c")]);
    await settled();
    queue.clear();
    await settled();
    expect(queue.snapshot()).toEqual([]);
    expect(uploads.every(({ signal }) => signal.aborted)).toBe(true);
  });
});
