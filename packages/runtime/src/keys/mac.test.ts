import { createDecipheriv, createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createKeystream, createMac, createTag, createWideMac } from "./mac.ts";

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

test("a wide one is BLAKE2b-512 of key and text", () => {
  const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(key, fc.array(fc.string({ unit: "binary", maxLength: 300 })), (bytes, texts) => {
      const mac = createWideMac(bytes);
      for (const one of texts) {
        const plain = createHash("blake2b512").update(bytes).update(one).digest("hex");
        expect(Buffer.from(mac(one)).toString("hex")).toBe(plain);
      }
    }),
  );
  expect(() => createWideMac(new Uint8Array(31))).toThrow(RangeError);
  expect(() => createWideMac(new Uint8Array(32))("x".repeat(700))).toThrow(RangeError);
});

test("a tag is the first half of SHA-256 over key and text, of every length", () => {
  const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ minLength: 600, maxLength: 3_000 }));
  fc.assert(
    fc.property(key, fc.array(text, { minLength: 1, maxLength: 4 }), (bytes, texts) => {
      const tag = createTag(bytes);
      for (const one of texts)
        expect(tag(one)).toBe(createHash("sha256").update(bytes).update(one).digest("hex").slice(0, 32));
    }),
  );
  expect(() => createTag(new Uint8Array(31))).toThrow(RangeError);
});

test("a keystream is what its text's own key makes of nothing", () => {
  const bytes = new Uint8Array(32).fill(7);
  const stream = createKeystream(bytes, 8_192);
  const own = createHmac("sha256", bytes).update("a").digest();
  const nothing = createDecipheriv("aes-256-ctr", own, Buffer.alloc(16)).update(stream("a"));
  expect(nothing).toEqual(Buffer.alloc(8_192));
  expect(stream("a")).toEqual(stream("a"));
  expect(stream("b")).not.toEqual(stream("a"));
});
