import { expect, it } from "vitest";
import { parseWitnessPolicy } from "../checkpoint/witness-policy.ts";
import { LogFixture } from "../testing/log-fixture.ts";
import { History } from "./history.ts";
import { parseReceipt } from "./receipt.ts";
import { verifyReceipt } from "./verify-receipt.ts";

const logOf = (count: number, changed?: number): LogFixture => {
  const log = new LogFixture();
  for (let at = 1; at <= count; at++)
    log.append({ object: { type: "tool", id: `tool--${at === changed ? "changed" : at}` } });
  return log;
};

function verified(log: LogFixture, seq: number, size: number) {
  const policy = parseWitnessPolicy(log.policy());
  const read = parseReceipt(JSON.stringify(log.receipt(seq, "MY", log.checkpoint(size))));
  if (!policy.ok || !read.ok) throw new Error("not read");
  const result = verifyReceipt(read.value, { policy: policy.value });
  if (!result.ok) throw new Error(result.message);
  return result.receipt;
}

it("all receipts of one log are of one history, at every size", () => {
  const log = logOf(13);
  const history = new History();
  for (let size = 1; size <= 13; size++)
    for (let seq = 1; seq <= size; seq++)
      expect(history.add(verified(log, seq, size)), `${seq}/${size}`).toBe(true);
});

it("a changed entry is found from any other's receipt, at any later size that shares a node with it", () => {
  const log = logOf(8);
  for (let changed = 1; changed <= 8; changed++)
    for (let seq = 1; seq <= 8; seq++) {
      const forked = logOf(16, changed);
      const history = new History();
      expect(history.add(verified(log, seq, 8))).toBe(true);
      expect(history.add(verified(forked, 9, 16)), `${changed}: ${seq}`).toBe(false);
    }
});

it("two roots of one size are two histories, whatever entries they are shown for", () => {
  const history = new History();
  expect(history.add(verified(logOf(7), 1, 7))).toBe(true);
  expect(history.add(verified(logOf(7, 5), 7, 7))).toBe(false);
});
