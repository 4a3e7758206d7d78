import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commitLeaf, fieldSalts, type Opening, opensLeaf } from "./commitment.ts";
import { MerkleError } from "./error.ts";

const salts = fieldSalts(new Uint8Array(32).fill(7));
const fields = { producer: "SG", object: "indicator--1", "recipient-1": "MY" };
const opening = (name: keyof typeof fields): Opening => ({ name, value: fields[name], salt: salts(name) });

describe("a leaf of commitments", () => {
  it("has the layout that is written down", () => {
    const salt = new Uint8Array(32).fill(9);
    const commitment = createHash("sha256")
      .update(Buffer.concat([Buffer.of(0x02), salt, Buffer.of(0, 1), Buffer.from("a"), Buffer.from("é")]))
      .digest();
    const expected = Buffer.concat([Buffer.of(0x01, 0, 1, 0, 1), Buffer.from("a"), commitment]);
    expect(Buffer.from(commitLeaf({ a: "é" }, () => salt))).toEqual(expected);
  });

  it("does not depend on the order in which its fields were given", () => {
    const reversed = Object.fromEntries(Object.entries(fields).reverse());
    expect(commitLeaf(reversed, salts)).toEqual(commitLeaf(fields, salts));
  });

  it("opens each field by itself, to its own value only", () => {
    const leaf = commitLeaf(fields, salts);
    for (const name of ["producer", "object", "recipient-1"] as const) {
      expect(opensLeaf(leaf, opening(name))).toBe(true);
      expect(opensLeaf(leaf, { ...opening(name), value: "CN" })).toBe(false);
      expect(opensLeaf(leaf, { ...opening(name), salt: salts("other") })).toBe(false);
      expect(opensLeaf(leaf, { ...opening(name), name: "other" })).toBe(false);
    }
  });

  it("does not let a name run over into its value", () => {
    const salt = () => new Uint8Array(32);
    expect(commitLeaf({ ab: "c" }, salt)).not.toEqual(commitLeaf({ a: "bc" }, salt));
  });

  it("shows none of its values, and is another one under another salt", () => {
    const leaf = commitLeaf(fields, salts);
    expect(Buffer.from(leaf).includes("indicator--1")).toBe(false);
    expect(commitLeaf(fields, fieldSalts(randomBytes(32)))).not.toEqual(leaf);
  });

  it("any fields open, and no byte of the leaf can be changed unseen by all of them", () => {
    const names = fc.dictionary(fc.string({ minLength: 1, maxLength: 9, unit: "binary" }), fc.string(), {
      minKeys: 1,
    });
    fc.assert(
      fc.property(names, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, spot, flip) => {
        const leaf = commitLeaf(given, salts);
        const openings = Object.entries(given).map(([name, value]) => ({ name, value, salt: salts(name) }));
        expect(openings.every((each) => opensLeaf(leaf, each))).toBe(true);
        const hurt = leaf.slice();
        hurt[spot % hurt.length]! ^= flip;
        expect(openings.every((each) => opensLeaf(hurt, each))).toBe(false);
      }),
    );
  });
});

describe("a leaf is refused", () => {
  it("where a name stands twice or out of order, so that no field has two values", () => {
    const one = commitLeaf({ a: "1" }, salts).slice(3);
    const two = commitLeaf({ a: "2" }, salts).slice(3);
    const twice = Uint8Array.of(1, 0, 2, ...one, ...two);
    expect(opensLeaf(twice, { name: "a", value: "1", salt: salts("a") })).toBe(false);
    const swapped = Uint8Array.of(1, 0, 2, ...commitLeaf({ b: "1" }, salts).slice(3), ...one);
    expect(opensLeaf(swapped, { name: "a", value: "1", salt: salts("a") })).toBe(false);
  });

  it("where it is cut short, too long, empty or of another version", () => {
    const leaf = commitLeaf(fields, salts);
    const bad = [
      leaf.slice(0, -1),
      Uint8Array.of(...leaf, 0),
      new Uint8Array(),
      Uint8Array.of(2, ...leaf.slice(1)),
    ];
    for (const each of bad) expect(opensLeaf(each, opening("object"))).toBe(false);
    expect(opensLeaf(leaf, { ...opening("object"), salt: new Uint8Array(3) })).toBe(false);
  });

  it("for short salts, nameless fields and half surrogate pairs", () => {
    const codeOf = (act: () => unknown) => {
      try {
        return act();
      } catch (error) {
        return error instanceof MerkleError && error.code;
      }
    };
    expect(codeOf(() => commitLeaf({ a: "" }, () => new Uint8Array(16)))).toBe("bad-salt");
    expect(codeOf(() => fieldSalts(new Uint8Array(16)))).toBe("bad-salt");
    expect(codeOf(() => commitLeaf({ "": "a" }, salts))).toBe("bad-field");
    expect(codeOf(() => commitLeaf({ a: "\ud800" }, salts))).toBe("bad-field");
  });
});
