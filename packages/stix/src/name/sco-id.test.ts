import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import { uuidv5 } from "./identifier.ts";
import { SCO_NAMESPACE, scoId } from "./sco-id.ts";

// Each computed outside this project, from the namespace and the canonical JSON beside it.
test.each([
  [{ type: "ipv4-addr", value: "198.51.100.3" }, "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"],
  [{ type: "domain-name", value: "evil.example" }, "domain-name--69228563-c8d2-54ae-aeca-5f4134cb59aa"],
  [
    { type: "autonomous-system", number: 64496, name: "not contributing" },
    "autonomous-system--9ad79ee3-2fde-5015-b0cc-7a96404effca",
  ],
  [
    {
      type: "file",
      size: 0,
      hashes: {
        "SHA-256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        MD5: "d41d8cd98f00b204e9800998ecf8427e",
      },
    },
    "file--02fff920-f614-527c-81d1-6353633a6d21",
  ],
])("%j has its known id", (object, id) => {
  expect(scoId(object)).toBe(id);
});

test("prefers MD5, SHA-1, SHA-256, SHA-512, then the first", () => {
  const idOf = (hashes: Record<string, string>) => scoId({ type: "file", hashes });
  const nameOf = (hashes: object) => `file--${uuidv5(SCO_NAMESPACE, canonicalJson({ hashes }))}`;
  expect(idOf({ "SHA-512": "c", "SHA-1": "a" })).toBe(nameOf({ "SHA-1": "a" }));
  expect(idOf({ "SHA-512": "c", "SHA-256": "b" })).toBe(nameOf({ "SHA-256": "b" }));
  expect(idOf({ TLSH: "t", SSDEEP: "s" })).toBe(nameOf({ TLSH: "t" }));
});

test("is a random version 4 when nothing contributes", () => {
  const id = scoId({ type: "process", pid: 7 });
  expect(id).toMatch(/^process--[0-9a-f]{8}-[0-9a-f]{4}-4/);
  expect(scoId({ type: "process", pid: 7 })).not.toBe(id);
  expect(scoId({ type: "email-message", is_multipart: false })).toMatch(/--[0-9a-f]{8}-[0-9a-f]{4}-4/);
});

test("does not depend on the order of keys or on other properties", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string(), (name, other) => {
      const id = scoId({ type: "software", name, vendor: "v" });
      expect(scoId({ vendor: "v", swid: undefined, lang: other, name, type: "software" })).toBe(id);
    }),
  );
});
