import { expect, it } from "vitest";
import { parseCheckpoint } from "../checkpoint/checkpoint.ts";
import { cosignNote } from "./note.ts";
import { SIGNATURE_TYPE, signerKey } from "./note-key.ts";
import { provePossession, showsPossession } from "./possession.ts";

const key = signerKey("witness.example/SG", SIGNATURE_TYPE.cosignature);
const other = signerKey("witness.example/SG", SIGNATURE_TYPE.cosignature);
const NOW = 1_770_000_000;

it("shows that a key speaks for one member, and for no other", () => {
  const proof = provePossession(key, "SG", NOW);
  expect(showsPossession(key.verifier, "SG", proof)).toBe(true);
  expect(showsPossession(key.verifier, "MY", proof)).toBe(false);
  expect(showsPossession(other.verifier, "SG", proof)).toBe(false);
});

it("is shown by no cosignature, and by nothing that is none", () => {
  const checkpoint = "suar.example/live\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
  const line = Buffer.from(cosignNote(checkpoint, key, NOW).bytes).toString("base64");
  for (const proof of [line, "", "AAAA", "%", provePossession(key, "SG", NOW).slice(4)])
    expect(showsPossession(key.verifier, "SG", proof)).toBe(false);
  expect(parseCheckpoint("suar/witness-key/1\nSG\n")).toBeUndefined();
});
