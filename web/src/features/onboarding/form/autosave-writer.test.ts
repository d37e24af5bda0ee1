import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Problem } from "@/shared/api/problem";

import { AutosaveLine, type Stored, type Values } from "./autosave-writer";

const AT = "2026-11-21T11:05:00Z";

/** A server that keeps one form and can be cut off. */
class Shelf {
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

let shelf: Shelf;
let line: AutosaveLine;
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers();
  shelf = new Shelf();
  line = new AutosaveLine(shelf, null);
});
afterEach(() => vi.useRealTimers());

describe("what is typed", () => {
  test("is saved once the hands rest, the newest only", async () => {
    line.type({ a: 1 });
    await pass(500);
    line.type({ a: 2 });
    await pass(500);
    expect(shelf.log).toEqual([]);
    await pass(300);
    expect(shelf.log).toEqual(["put 2"]);
    expect(line.state()).toEqual({ kind: "saved", at: AT });
    expect(line.unsent).toBeUndefined();
  });

  test("is not saved twice", async () => {
    line.type({ a: 1 });
    await pass(800);
    line.type({ a: 1 });
    await pass(800);
    expect(shelf.log).toEqual(["put 1"]);
  });

  test("goes at once when the page is left", async () => {
    line.type({ a: 1 });
    line.flush();
    await pass(0);
    expect(shelf.kept?.values).toEqual({ a: 1 });
  });

  test("waits through a loss of the connection", async () => {
    shelf.refuse = Problem.unreachable();
    line.type({ a: 1 });
    await pass(800);
    expect(line.state().kind).toBe("waiting");
    expect(line.unsent).toEqual({ a: 1 });
    line.type({ a: 2 });
    await pass(900);
    shelf.refuse = undefined;
    await pass(20_000);
    expect(shelf.kept?.values).toEqual({ a: 2 });
    expect(line.state().kind).toBe("saved");
  });

  test("that the server refuses is still here, and what is typed next is tried again", async () => {
    shelf.refuse = new Problem({
      status: 409,
      code: "client-taken",
      detail: "Клиента ведёт другой менеджер.",
    });
    line.type({ a: 1 });
    await pass(800);
    expect(line.state()).toEqual({ kind: "refused", problem: shelf.refuse });
    expect(line.unsent).toEqual({ a: 1 });
    shelf.refuse = undefined;
    line.type({ a: 2 });
    await pass(800);
    expect(shelf.kept?.values).toEqual({ a: 2 });
  });
});

describe("a form that has been sent", () => {
  test("leaves nothing behind, not even when its saving was under way", async () => {
    line.type({ a: 1 });
    line.flush();
    line.forget();
    expect(line.latest).toBeNull();
    await pass(0);
    expect(shelf.log).toEqual(["put 1", "remove"]);
    expect(shelf.kept).toBeNull();
    expect(line.state().kind).toBe("quiet");
    expect(line.busy).toBe(false);
  });

  test("asks for nothing when nothing was saved", async () => {
    line.type({ a: 1 });
    line.forget();
    await pass(1_000);
    expect(shelf.log).toEqual([]);
  });

  test("begins anew afterwards", async () => {
    line.type({ a: 1 });
    await pass(800);
    line.forget();
    line.type({ a: 2 });
    await pass(800);
    expect(shelf.kept?.values).toEqual({ a: 2 });
  });
});

describe("two windows on one form", () => {
  async function meet(): Promise<Stored> {
    line.type({ a: 1 });
    await pass(800);
    const theirs = shelf.store({ a: "theirs" });
    line.type({ a: "mine" });
    await pass(800);
    return theirs;
  }

  test("the older one is told, and sends nothing more by itself", async () => {
    const theirs = await meet();
    expect(line.state()).toEqual({ kind: "changed", theirs });
    line.type({ a: "mine too" });
    await pass(5_000);
    expect(shelf.kept).toEqual(theirs);
  });

  test("mine can be kept", async () => {
    await meet();
    line.keepMine();
    await pass(0);
    expect(shelf.kept?.values).toEqual({ a: "mine" });
    expect(line.state().kind).toBe("saved");
  });

  test("theirs can be taken", async () => {
    const theirs = await meet();
    line.takeTheirs();
    line.type({ a: "theirs" });
    await pass(5_000);
    expect(shelf.kept).toEqual(theirs);
    expect(line.unsent).toBeUndefined();
  });

  test("what the other one has thrown away mine begins anew", async () => {
    line.type({ a: 1 });
    await pass(800);
    shelf.kept = null;
    line.type({ a: 2 });
    await pass(800);
    expect(shelf.kept).toMatchObject({ values: { a: 2 } });
  });
});
