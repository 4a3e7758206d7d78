import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { wordCommitment } from "./word.ts";

const salt = new Uint8Array(32).fill(7);

describe("the commitment of a word", () => {
  it("is the hash that the documents say", () => {
    const bytes = Buffer.concat([Buffer.of(6), salt, Buffer.from('{"at":"ü"}')]);
    const expected = createHash("sha256").update(bytes).digest("hex");
    expect(Buffer.from(wordCommitment({ statement: '{"at":"ü"}', salt })).toString("hex")).toBe(expected);
  });

  it("is another for another statement and for another salt", () => {
    const one = wordCommitment({ statement: "a", salt });
    expect(wordCommitment({ statement: "b", salt })).not.toEqual(one);
    expect(wordCommitment({ statement: "a", salt: new Uint8Array(32) })).not.toEqual(one);
  });

  it("refuses a salt of another length, and what is no text", () => {
    expect(() => wordCommitment({ statement: "a", salt: new Uint8Array(31) })).toThrow("32 bytes");
    expect(() => wordCommitment({ statement: "\ud800", salt })).toThrow("surrogate");
  });
});
