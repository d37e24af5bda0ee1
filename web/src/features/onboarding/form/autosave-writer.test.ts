import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Problem } from "@/shared/api/problem";

import { AutosaveWriter, type Stored, type Values } from "./autosave-writer";

const AT = "2026-11-21T11:05:00Z";

/** Fake server that stores one form and can fail. */
class FakeServer {
  kept: Stored | null = null;
  log: string[] = [];
  refuse: Problem | undefined;
  versions = 0;

  put = (values: Values, version: number | null): Promise<Stored> => {
    this.log.push(`put ${String(values.a)}`);
    if (this.refuse !== undefined) return Promise.reject(this.refuse);
    if ((this.kept?.version ?? null) !== version) {
      return Promise.reject(
        new Problem({ status: 409, code: "autosave-changed", detail: "В другом окне", current: this.kept }),
      );
    }
    return Promise.resolve(this.store(values));
  };

  remove = (): Promise<void> => {
    this.log.push("remove");
    if (this.refuse !== undefined) return Promise.reject(this.refuse);
    this.kept = null;
    return Promise.resolve();
  };

  store(values: Values): Stored {
    this.versions += 1;
    this.kept = { values, version: this.versions, updated_at: AT };
    return this.kept;
  }
}

let server: FakeServer;
let writer: AutosaveWriter;
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  writer = new AutosaveWriter(server, null);
});
afterEach(() => vi.useRealTimers());

describe("what is typed", () => {
  test("is saved once the hands rest, the newest only", async () => {
    writer.type({ a: 1 });
    await pass(500);
    writer.type({ a: 2 });
    await pass(500);
    expect(server.log).toEqual([]);
    await pass(300);
    expect(server.log).toEqual(["put 2"]);
    expect(writer.state()).toEqual({ kind: "saved", at: AT });
    expect(writer.unsent).toBeUndefined();
  });

  test("is not saved twice", async () => {
    writer.type({ a: 1 });
    await pass(800);
    writer.type({ a: 1 });
    await pass(800);
    expect(server.log).toEqual(["put 1"]);
  });

  test("goes at once when the page is left", async () => {
    writer.type({ a: 1 });
    writer.flush();
    await pass(0);
    expect(server.kept?.values).toEqual({ a: 1 });
  });

  test("waits through a loss of the connection", async () => {
    server.refuse = Problem.unreachable();
    writer.type({ a: 1 });
    await pass(800);
    expect(writer.state().kind).toBe("waiting");
    expect(writer.unsent).toEqual({ a: 1 });
    writer.type({ a: 2 });
    await pass(900);
    server.refuse = undefined;
    await pass(20_000);
    expect(server.kept?.values).toEqual({ a: 2 });
    expect(writer.state().kind).toBe("saved");
  });

  test("that the server refuses is still here, and what is typed next is tried again", async () => {
    server.refuse = new Problem({
      status: 409,
      code: "client-taken",
      detail: "Клиента ведёт другой менеджер.",
    });
    writer.type({ a: 1 });
    await pass(800);
    expect(writer.state()).toEqual({ kind: "refused", problem: server.refuse });
    expect(writer.unsent).toEqual({ a: 1 });
    server.refuse = undefined;
    writer.type({ a: 2 });
    await pass(800);
    expect(server.kept?.values).toEqual({ a: 2 });
  });
});

describe("a form that has been sent", () => {
  test("leaves nothing behind, not even when its saving was under way", async () => {
    writer.type({ a: 1 });
    writer.flush();
    writer.discard();
    expect(writer.latest).toBeNull();
    await pass(0);
    expect(server.log).toEqual(["put 1", "remove"]);
    expect(server.kept).toBeNull();
    expect(writer.state().kind).toBe("quiet");
    expect(writer.busy).toBe(false);
  });

  test("asks for nothing when nothing was saved", async () => {
    writer.type({ a: 1 });
    writer.discard();
    await pass(1_000);
    expect(server.log).toEqual([]);
  });

  test("begins anew afterwards", async () => {
    writer.type({ a: 1 });
    await pass(800);
    writer.discard();
    writer.type({ a: 2 });
    await pass(800);
    expect(server.kept?.values).toEqual({ a: 2 });
  });
});

describe("two windows on one form", () => {
  async function meet(): Promise<Stored> {
    writer.type({ a: 1 });
    await pass(800);
    const theirs = server.store({ a: "theirs" });
    writer.type({ a: "mine" });
    await pass(800);
    return theirs;
  }

  test("the older one is told, and sends nothing more by itself", async () => {
    const theirs = await meet();
    expect(writer.state()).toEqual({ kind: "changed", theirs });
    writer.type({ a: "mine too" });
    await pass(5_000);
    expect(server.kept).toEqual(theirs);
  });

  test("mine can be kept", async () => {
    await meet();
    writer.keepMine();
    await pass(0);
    expect(server.kept?.values).toEqual({ a: "mine" });
    expect(writer.state().kind).toBe("saved");
  });

  test("theirs can be taken", async () => {
    const theirs = await meet();
    writer.takeTheirs();
    writer.type({ a: "theirs" });
    await pass(5_000);
    expect(server.kept).toEqual(theirs);
    expect(writer.unsent).toBeUndefined();
  });

  test("what the other one has thrown away mine begins anew", async () => {
    writer.type({ a: 1 });
    await pass(800);
    server.kept = null;
    writer.type({ a: 2 });
    await pass(800);
    expect(server.kept).toMatchObject({ values: { a: 2 } });
  });
});
