import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeliveryNotes } from "./delivery-notes.ts";
import { BLOCK, mergedTimes, parseTimes } from "./delivery-times.ts";

const S = 1_000;

/** What rows would hold, as `organisation channel seq` with its first and last second. */
function written(rows: Map<string, Buffer>, notes: DeliveryNotes): Map<string, [number, number]> {
  for (const { block, organisationId, channel, times } of notes.take()) {
    const key = `${organisationId} ${channel} ${block}`;
    rows.set(key, mergedTimes(rows.get(key) ?? Buffer.alloc(0), times));
  }
  const found = new Map<string, [number, number]>();
  for (const [key, bytes] of rows) {
    const [organisation, channel, block] = key.split(" ");
    for (let place = 0; place < BLOCK; place++) {
      const times = parseTimes(bytes.subarray(8 * place, 8 * place + 8));
      if (times === undefined) continue;
      const seq = Number(block) * BLOCK + place;
      found.set(`${organisation} ${channel} ${seq}`, [times.first.getTime() / S, times.last.getTime() / S]);
    }
  }
  return found;
}

describe("delivery notes", () => {
  it("keep the first and the last time of each entry, whatever the order and however often they are written", () => {
    const delivery = fc.record({
      organisation: fc.integer({ min: 1, max: 3 }),
      channel: fc.constantFrom("websocket", "pull", "taxii"),
      seq: fc.integer({ min: 1, max: 3 * BLOCK }),
      at: fc.integer({ min: 1_700_000_000, max: 1_700_000_100 }),
      writeNow: fc.boolean(),
      failFirst: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(delivery, { maxLength: 60 }), (deliveries) => {
        const notes = new DeliveryNotes();
        const rows = new Map<string, Buffer>();
        const expected = new Map<string, [number, number]>();
        const writers = new Map<string, ReturnType<DeliveryNotes["writer"]>>();
        for (const { organisation, channel, seq, at, writeNow, failFirst } of deliveries) {
          const of = `${organisation} ${channel}`;
          const write = writers.get(of) ?? notes.writer(organisation, channel);
          writers.set(of, write);
          write(seq, at * S + 7);
          const [first, last] = expected.get(`${of} ${seq}`) ?? [at, at];
          expected.set(`${of} ${seq}`, [Math.min(first, at), Math.max(last, at)]);
          if (failFirst) notes.giveBack(notes.take());
          if (writeNow) written(rows, notes);
        }
        expect(new Map([...written(rows, notes)].sort())).toEqual(new Map([...expected].sort()));
      }),
    );
  });

  it("are bounded: what finds no room is not noted, and is counted", () => {
    const notes = new DeliveryNotes();
    for (let block = 0; block < 3_000; block++) notes.note(1, "pull", [block * BLOCK]);
    expect(notes.takeLost()).toBe(3_000 - 2_048);
    expect(notes.takeLost()).toBe(0);
    expect(notes.take()).toHaveLength(2_048);
    notes.note(1, "pull", [1]);
    expect(notes.take()).toHaveLength(1);
  });

  it("say nothing of what was not handed over", () => {
    expect(parseTimes(Buffer.alloc(8))).toBeUndefined();
    expect(parseTimes(Buffer.alloc(0))).toBeUndefined();
  });
});
