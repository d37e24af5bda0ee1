import { expect, it } from "vitest";

import { firstView } from "./view";

const two = [{ id: "1" }, { id: "2" }];

it("begins with the first device where there is none", () => {
  expect(firstView([], [], true)).toEqual({ kind: "form" });
});

it("shows the devices that are there", () => {
  expect(firstView(two, ["passport"], true)).toEqual({ kind: "list" });
});

it("finds a form again that was left unsent", () => {
  expect(firstView(two, ["device"], true)).toEqual({ kind: "form" });
  expect(firstView(two, ["device-2"], true)).toEqual({ kind: "form", deviceId: "2" });
});

it("opens no form of a device that is gone", () => {
  expect(firstView(two, ["device-3"], true)).toEqual({ kind: "list" });
});

it("opens no form when another manager holds the client", () => {
  expect(firstView([], ["device"], false)).toEqual({ kind: "list" });
});
