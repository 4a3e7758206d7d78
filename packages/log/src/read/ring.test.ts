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

  it("closes what it holds of a rendition to those who lose it, and ends it when it ends", () => {
    const ring = createRing({ bytes: 1e6, entries: 10 });
    const both = new Set([1, 2]);
    ring.push([entry(1, { audience: both, endsAt: 9 }), entry(2, { audience: both })]);
    const held = ring.get(1);
    ring.close(new Map([[1, { stub: undefined, closedTo: new Set([2]), endsAt: 5 }]]));
    const closed = { kind: "released", body: '{"n":1}', closedTo: new Set([2]), endsAt: 5 };
    expect(ring.get(1)).toMatchObject(closed);
    // Frames are built of entries: what was built of this one is not of the one that stands there now.
    expect(held).toMatchObject({ endsAt: 9 });
    expect(ring.get(2)?.closedTo).toBeUndefined();
    ring.close(new Map([[1, { stub: undefined }]]));
    expect(ring.get(1)).toMatchObject({ closedTo: undefined, endsAt: undefined });
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

  it("stops serving the body of what is withdrawn, of each rendition by its own stub", () => {
    const ring = createRing({ bytes: 1e6, entries: 10 });
    const stub = '{"type":"indicator","id":"indicator--a","modified":"x"}';
    const of = (renditionId: number) => ({ stixId: "indicator--a", renditionId });
    ring.push([entry(1, of(1)), entry(2, of(2))]);
    ring.close(new Map([[1, { stub }]]));
    ring.push([entry(3, { ...of(1), kind: "withdrawn", body: stub })]);
    expect(ring.get(1)).toMatchObject({ kind: "withdrawn", isStub: true, body: stub });
    expect(ring.get(3)).toMatchObject({ kind: "withdrawn", isStub: false });
    // Found once more: the withdrawal itself is handed over as itself.
    ring.close(new Map([[1, { stub }]]));
    expect([1, 3].map((seq) => ring.get(seq)?.isStub)).toEqual([true, false]);
    expect(ring.get(2)).toMatchObject({ kind: "released", body: '{"n":2}' });
  });

  it("has room again for what was withdrawn", () => {
    const ring = createRing({ bytes: 10_000, entries: 100 });
    ring.push([entry(1, { body: "x".repeat(8_000) })]);
    ring.close(new Map([[1, { stub: "{}" }]]));
    ring.push([entry(2, { body: "x".repeat(8_000) })]);
    expect(ring.oldest).toBe(1);
    ring.push([entry(3, { body: "x".repeat(8_000) })]);
    expect(ring.oldest).toBe(3);
    ring.push([entry(4)]);
    expect(ring.oldest).toBe(3);
  });
});
