import { describe, expect, it } from "vitest";

import { changesOf, schema, type AutoReplyValues } from "./auto-reply-rules";

const OFF: AutoReplyValues = {
  auto_reply_enabled: false,
  auto_reply_mode: "always",
  auto_reply_always: false,
  auto_reply_start_time: "",
  auto_reply_end_time: "",
  auto_reply_timezone: "",
  auto_reply_text: "",
  auto_reply_delay_seconds: 75,
  auto_reply_windows: [],
  auto_reply_holidays: [],
};
const ON = {
  ...OFF,
  auto_reply_enabled: true,
  auto_reply_text: "Скоро ответим",
  auto_reply_timezone: "Asia/Omsk",
};
const wrongIn = (values: AutoReplyValues) =>
  (schema.safeParse(values).error?.issues ?? []).map(({ path }) => path.join("."));

describe("rules of the auto-reply", () => {
  it("may be unfinished as long as it is off", () => {
    expect(wrongIn(OFF)).toEqual([]);
    expect(wrongIn({ ...OFF, auto_reply_enabled: true })).toEqual(["auto_reply_text", "auto_reply_timezone"]);
    expect(wrongIn(ON)).toEqual([]);
  });

  it.each([
    [{ auto_reply_start_time: "09:00", auto_reply_end_time: "09:00" }, ["auto_reply_end_time"]],
    [{ auto_reply_start_time: "09:00" }, ["auto_reply_end_time"]],
    [{ auto_reply_end_time: "18:00" }, ["auto_reply_start_time"]],
    [{ auto_reply_start_time: "21:00", auto_reply_end_time: "09:00" }, []],
    [{ auto_reply_delay_seconds: 0 }, ["auto_reply_delay_seconds"]],
    [{ auto_reply_delay_seconds: Number.NaN }, ["auto_reply_delay_seconds"]],
    [{ auto_reply_text: "я".repeat(1001) }, ["auto_reply_text"]],
    [{ auto_reply_windows: [{ days: [], start: "09:00", end: "10:00" }] }, ["auto_reply_windows.0.days"]],
    [{ auto_reply_windows: [{ days: [5], start: "09:00", end: "09:00" }] }, ["auto_reply_windows.0.end"]],
    [{ auto_reply_windows: [{ days: [5], start: "00:00", end: "00:00" }] }, []],
  ])("%j is wrong in %j", (changes, places) => {
    expect(wrongIn({ ...ON, ...changes })).toEqual(places);
  });

  it("takes back what was emptied", () => {
    expect(changesOf({ ...ON, auto_reply_text: "  " })).toMatchObject({
      auto_reply_text: null,
      auto_reply_start_time: null,
      auto_reply_timezone: "Asia/Omsk",
    });
  });
});
