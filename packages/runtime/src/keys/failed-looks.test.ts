import { expect, it } from "vitest";
import { FailedLooks } from "./failed-looks.ts";

const T = 1_000_000;

function guessed(looks: FailedLooks, address: string, times: number): void {
  for (let n = 0; n < times; n++) looks.note(address, T);
}

it("lets an address guess so often a minute", () => {
  const looks = new FailedLooks(3);
  guessed(looks, "192.0.2.1", 2);
  expect(looks.mayLook("192.0.2.1", T)).toBe(true);
  guessed(looks, "192.0.2.1", 1);
  expect(looks.mayLook("192.0.2.1", T)).toBe(false);
  expect(looks.mayLook("192.0.2.2", T)).toBe(true);
  expect(looks.mayLook("192.0.2.1", T + 60_000)).toBe(true);
});

it("takes an IPv6 network for one, however its addresses are written, and a mapped address for what it is", () => {
  const looks = new FailedLooks(1);
  guessed(looks, "2001:db8:0:1::17", 1);
  expect(looks.mayLook("2001:0DB8:0:1:ffff::1", T)).toBe(false);
  expect(looks.mayLook("2001:db8:0:2::17", T)).toBe(true);
  guessed(looks, "::ffff:192.0.2.1", 1);
  expect(looks.mayLook("192.0.2.1", T)).toBe(false);
  expect(looks.mayLook("::ffff:192.0.2.2", T)).toBe(true);
});
