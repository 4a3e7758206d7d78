import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createMac } from "./mac.ts";

test("is HMAC-SHA-256, for texts of every length and alphabet", () => {
  const key = fc.uint8Array({ minLength: 1, maxLength: 64 });
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme", minLength: 600, maxLength: 3_000 }),
  );
  fc.assert(
    fc.property(key, fc.array(text, { minLength: 1, maxLength: 4 }), (bytes, texts) => {
      const mac = createMac(bytes);
      for (const one of texts) expect(mac(one)).toBe(createHmac("sha256", bytes).update(one).digest("hex"));
    }),
  );
});

test("takes no key that HMAC would hash first", () => {
  expect(() => createMac(new Uint8Array(65))).toThrow(RangeError);
});
