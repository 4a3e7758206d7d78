import { expect, it } from "vitest";
import { receiptable } from "./receiptable.ts";

const released = { kind: "released", isStub: false };
const withdrawn = { kind: "withdrawn", isStub: false };
const stub = { kind: "withdrawn", isStub: true };

it("leaves out what is a withdrawal by now, and whatever @watch let through but withdrawals", () => {
  const all = [released, withdrawn, stub];
  expect(receiptable(all, {})).toEqual([released, withdrawn]);
  expect(receiptable(all, { isWatching: false })).toEqual([released, withdrawn]);
  expect(receiptable(all, { isWatching: true })).toEqual([withdrawn]);
});
