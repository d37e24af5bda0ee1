// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Problem } from "./problem";

type Session = typeof import("./session");

let session: Session;
let asked: string[] = [];
let answers: Record<string, () => Response | Promise<Response>> = {};
/** Shared by all tabs, like real locks. */
let turn: Promise<unknown> = Promise.resolve();

const REFRESH = "/api/auth/refresh";
const LOGOUT = "/api/auth/logout";
const token = (text: string) => Response.json({ access_token: text });
const noLine = () => Promise.reject(new TypeError("Failed to fetch"));

beforeEach(async () => {
  asked = [];
  answers = { [LOGOUT]: () => new Response(null, { status: 204 }) };
  turn = Promise.resolve();
  vi.stubGlobal("fetch", (path: string) => {
    asked.push(path);
    return Promise.resolve(answers[path]?.());
  });
  vi.stubGlobal("navigator", {
    locks: {
      request: (_: string, work: () => Promise<unknown>) => {
        const mine = turn.then(work);
        turn = mine.catch(() => undefined);
        return mine;
      },
    },
  });
  vi.resetModules();
  session = await import("./session");
});

afterEach(() => vi.unstubAllGlobals());

test("signing out during a renewal is not undone by its answer", async () => {
  let answer: (response: Response) => void = () => undefined;
  answers[REFRESH] = () => new Promise<Response>((resolve) => (answer = resolve));
  const renewal = session.renew();
  await vi.waitFor(() => expect(asked).toEqual([REFRESH]));
  const leaving = session.signOut();
  answer(token("late"));
  expect(await renewal).toBe(false);
  await leaving;
  expect(session.accessToken()).toBeNull();
  expect(asked).toEqual([REFRESH, LOGOUT]);
});

test("a session left offline is ended before its cookie is used again", async () => {
  session.signedIn({ access_token: "mine" });
  answers[LOGOUT] = noLine;
  answers[REFRESH] = () => token("back again");
  await session.signOut();
  expect(session.accessToken()).toBeNull();
  await expect(session.renew()).rejects.toBeInstanceOf(Error);

  answers[LOGOUT] = () => new Response(null, { status: 204 });
  expect(await session.renew()).toBe(false);
  expect(asked).not.toContain(REFRESH);
});

test("a sign-in waits until the previous session is over", async () => {
  let answer: (response: Response) => void = () => undefined;
  answers[LOGOUT] = () => new Promise<Response>((resolve) => (answer = resolve));
  const leaving = session.signOut();
  await vi.waitFor(() => expect(asked).toEqual([LOGOUT]));
  let mayEnter = false;
  const waiting = session.settled().then(() => (mayEnter = true));
  await Promise.resolve();
  expect(mayEnter).toBe(false);
  answer(new Response(null, { status: 204 }));
  await Promise.all([leaving, waiting]);
  expect(asked).toEqual([LOGOUT]);
});

test("an answer cut in the middle leaves the session as it is", async () => {
  answers[REFRESH] = () => new Response("{", { status: 200 });
  await expect(session.renew()).rejects.toMatchObject({ name: Problem.name, status: 0 });
  answers[REFRESH] = () => token("new");
  expect(await session.renew()).toBe(true);
  expect(session.accessToken()).toBe("new");
});

test("a sign-in ends the session of other tabs", async () => {
  session.signedIn({ access_token: "hers" });
  vi.resetModules();
  const other = await import("./session");
  other.signedIn({ access_token: "his" });
  await vi.waitFor(() => expect(session.accessToken()).toBeNull());
  expect(other.accessToken()).toBe("his");
});
