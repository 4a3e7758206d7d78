import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "./entry.ts";
import { createRing } from "./ring.ts";

function entry(seq: number, more: Partial<Entry> = {}): Entry {
  return {
    seq,
    at: "2027-01-01T00:00:00.000000Z",
    kind: "released",
    isStub: false,
    renditionId: seq,
    audience: new Set([1]),
    producerId: 1,
    producer: "SG",
    tlp: "green",
    stixId: `indicator--${seq}`,
    body: `{"n":${seq}}`,
    ...more,
  };
}

describe("ring", () => {
  it("holds what was pushed, by seq", () => {
    const ring = createRing({ bytes: 1e6, entries: 10 });
    ring.push([entry(1), entry(2)]);
    expect([ring.oldest, ring.head]).toEqual([1, 2]);
    expect(ring.get(2)?.body).toBe('{"n":2}');
    expect(ring.get(3)).toBeUndefined();
    expect(ring.get(0)).toBeUndefined();
  });

  it("closes what it holds of a rendition to those who lose it, as soon as that is told", () => {
    const ring = createRing({ bytes: 1e6, entries: 10 });
    const both = new Set([1, 2]);
    ring.push([entry(1, { audience: both }), entry(2, { audience: both })]);
    const loss = { kind: "withdrawn", stixId: "indicator--1", audience: new Set([2]) };
    ring.push([entry(3, { ...loss, closes: { renditionId: 1, to: new Set([2]) } })]);
    expect(ring.get(1)).toMatchObject({ kind: "released", body: '{"n":1}', closedTo: new Set([2]) });
    expect(ring.get(2)?.closedTo).toBeUndefined();
  });

  it("begins after the head that it was reset to", () => {
    const ring = createRing({ bytes: 1e6, entries: 10 });
    ring.push([entry(1)]);
    ring.reset(41);
    expect([ring.oldest, ring.head]).toEqual([42, 41]);
    ring.push([entry(42)]);
    expect(ring.get(42)?.seq).toBe(42);
  });

  it("drops the oldest over its limits, and never loses count", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 60 }),
        (entries, batches) => {
          const ring = createRing({ bytes: 1e9, entries });
          let seq = 0;
          for (const size of batches) {
            ring.push(Array.from({ length: size }, () => entry(++seq)));
            expect(ring.head).toBe(seq);
            expect(ring.head - ring.oldest + 1).toBeLessThanOrEqual(entries);
            expect(ring.get(ring.oldest)?.seq).toBe(ring.oldest);
            expect(ring.get(ring.head)?.seq).toBe(seq);
            expect(ring.get(ring.oldest - 1)).toBeUndefined();
          }
        },
      ),
    );
  });

  it("is bounded in bytes, but keeps at least the newest", () => {
    const ring = createRing({ bytes: 2_000, entries: 1_000 });
    ring.push([entry(1), entry(2), entry(3, { body: "x".repeat(5_000) })]);
    expect([ring.oldest, ring.head]).toEqual([3, 3]);
  });

  it("stops serving the body of what is withdrawn, of that producer alone", () => {
    const ring = createRing({ bytes: 1e6, entries: 10 });
    const stub = '{"type":"indicator","id":"indicator--a","modified":"x"}';
    ring.push([entry(1, { stixId: "indicator--a" }), entry(2, { stixId: "indicator--a", producerId: 2 })]);
    ring.push([entry(3, { stixId: "indicator--a", kind: "withdrawn", body: stub })]);
    expect(ring.get(1)).toMatchObject({ kind: "withdrawn", isStub: true, body: stub });
    expect(ring.get(3)).toMatchObject({ kind: "withdrawn", isStub: false });
    // A later withdrawal of the same id makes no stub of an earlier one: that is handed over as itself.
    ring.push([entry(4, { stixId: "indicator--a", kind: "withdrawn", body: stub })]);
    expect([1, 3, 4].map((seq) => ring.get(seq)?.isStub)).toEqual([true, false, false]);
    expect(ring.get(2)).toMatchObject({ kind: "released", body: '{"n":2}' });
  });
});
