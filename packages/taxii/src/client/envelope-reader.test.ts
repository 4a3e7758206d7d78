import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EnvelopeReader } from "./envelope-reader.ts";
import { TaxiiFault } from "./taxii-fault.ts";

const MOST = { objectBytes: 100_000, depth: 60 };

function read(bytes: Uint8Array, sizes: readonly number[]) {
  const reader = new EnvelopeReader(MOST);
  const objects: unknown[] = [];
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const to = at + Math.max(1, sizes[n % Math.max(1, sizes.length)] ?? bytes.length);
    for (const object of reader.push(bytes.subarray(at, to)))
      objects.push(JSON.parse(Buffer.from(object).toString()));
    at = to;
  }
  return { objects, ...reader.end() };
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 });
const object = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 4 }));

describe("an envelope that comes in parts", () => {
  it("is read as JSON.parse reads it whole, wherever the parts end and however it is laid out", () => {
    const envelope = fc.record({
      others: object,
      objects: fc.array(object, { maxLength: 5 }),
      more: fc.boolean(),
      next: fc.option(fc.string({ minLength: 1, unit: "binary" }), { nil: undefined }),
      indent: fc.constantFrom(undefined, 1, "\t", "\r\n "),
    });
    fc.assert(
      fc.property(envelope, sizes, ({ others, objects, more, next, indent }, cuts) => {
        const text = JSON.stringify({ ...others, objects, more, next }, null, indent);
        const whole = JSON.parse(text);
        expect(read(Buffer.from(text), cuts)).toEqual({ objects: whole.objects, more, next });
      }),
      { numRuns: 300 },
    );
  });

  it("never fails but with a fault of its own", () => {
    const piece = fc.constantFrom(
      '"',
      "\\",
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "objects",
      '"objects":[',
      '"next":',
      "1",
      " ",
      "null",
      "\u0000",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), sizes, (pieces, cuts) => {
        try {
          read(Buffer.from(`{${pieces.join("")}`), cuts);
        } catch (error) {
          if (!(error instanceof TaxiiFault) && !(error instanceof SyntaxError)) throw error;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
