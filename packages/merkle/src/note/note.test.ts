import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from "../checkpoint/checkpoint.ts";
import { formatTlogProof, parseTlogProof } from "../checkpoint/tlog-proof.ts";
import { MerkleError } from "../error.ts";
import { EMPTY_ROOT, leafHash } from "../hash.ts";
import { cosignNote, formatNote, parseNote, signNote, verifyNote } from "./note.ts";
import {
  formatSignerKey,
  formatVerifierKey,
  parseSignerKey,
  parseVerifierKey,
  signerKey,
} from "./note-key.ts";

// The example of the documentation of golang.org/x/mod/sumdb/note, the format's reference implementation.
const SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const LINE =
  "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
// The example of C2SP signed-note.
const SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const SPEC_NOTE =
  "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
// The example of C2SP tlog-cosignature.
const COSIGNED =
  "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" +
  "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n" +
  "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

const key = (text: string) => parseVerifierKey(text)!;
const note = (text: string) => parseNote(text)!;
const peter = parseSignerKey(SKEY)!;

describe("known answers of signed-note", () => {
  it("the reference implementation's keys and note, byte for byte", () => {
    expect(formatVerifierKey(peter.verifier)).toBe(VKEY);
    expect(formatSignerKey(peter)).toBe(SKEY);
    expect(formatNote({ text: TEXT, signatures: [signNote(TEXT, peter)] })).toBe(`${TEXT}\n${LINE}`);
  });

  it("the specification's note", () => {
    expect(verifyNote(note(SPEC_NOTE), [key(SPEC_KEY)])).toMatchObject({
      ok: true,
      signed: [{ key: key(SPEC_KEY) }],
    });
  });

  it("the cosigned checkpoint of tlog-cosignature is read and written again, with the time in its line", () => {
    const parsed = note(COSIGNED);
    expect(formatNote(parsed)).toBe(COSIGNED);
    expect(parseCheckpoint(parsed.text)).toMatchObject({
      origin: "example.com/behind-the-sofa",
      size: 20_852_163,
    });
    expect(Buffer.from(parsed.signatures[1]!.bytes).readBigUInt64BE()).toBe(1_679_315_147n);
    expect(parsed.signatures[1]!.bytes).toHaveLength(8 + 64);
  });
});

describe("keys", () => {
  it("are refused with any character changed or cut", () => {
    for (const [text, parse] of [
      [VKEY, parseVerifierKey],
      [SKEY, parseSignerKey],
    ] as const)
      for (let at = 0; at < text.length; at++) {
        const next = String.fromCharCode(text.charCodeAt(at) + 1);
        // Another type is another key, which verifies nothing.
        expect(parse(text.slice(0, at) + next + text.slice(at + 1))?.key, `${at}`).toBeUndefined();
        expect(parse(text.slice(0, at)), `cut at ${at}`).toBeUndefined();
      }
  });

  it("of types that are not known here are kept, and verify nothing", () => {
    const ecdsa = key(`log.example+01020304+${Buffer.alloc(92, 2).toString("base64")}`);
    expect(ecdsa).toMatchObject({ type: 2, key: undefined });
    const mldsa = { name: "w.example", id: "0a0b0c0d", type: 6, bytes: new Uint8Array(1312), key: undefined };
    expect(parseVerifierKey(formatVerifierKey(mldsa))).toEqual({ ...mldsa, bytes: Buffer.alloc(1312) });
    const line = `— log.example ${Buffer.concat([Buffer.of(1, 2, 3, 4), Buffer.alloc(2_428)]).toString("base64")}\n`;
    const both = note(`${TEXT}\n${line}${LINE}`);
    expect(verifyNote(both, [ecdsa, key(VKEY)])).toMatchObject({
      ok: true,
      signed: [{ key: { name: "PeterNeumann" } }],
    });
  });

  it("have names without spaces, controls and plus", () => {
    for (const name of ["", "a b", "a+b", "a\u00a0b", "a\u3000b", "a\nb", "a\u0000", "\ud800"])
      expect(() => signerKey(name, 1), JSON.stringify(name)).toThrow(MerkleError);
  });
});

describe("a note", () => {
  it("is worthless where a line of a known key does not verify; lines of other keys are passed over", () => {
    const hurt = LINE.replace("x08go/Z", "x08go/Y");
    expect(verifyNote(note(`${TEXT}\n${hurt}`), [key(VKEY)]).ok).toBe(false);
    expect(verifyNote(note(`${TEXT}\n${LINE}${hurt.replace("PeterNeumann", "Other")}`), [key(VKEY)]).ok).toBe(
      true,
    );
    expect(verifyNote(note(`${TEXT}\n${LINE}`), [key(SPEC_KEY)])).toEqual({ ok: true, signed: [] });
  });

  it("does not verify with any byte of its text changed", () => {
    fc.assert(
      fc.property(fc.nat(TEXT.length - 3), (at) => {
        const text = `${TEXT.slice(0, at)}#${TEXT.slice(at + 1)}`;
        expect(verifyNote(note(`${text}\n${LINE}`), [key(VKEY)]).ok).toBe(false);
      }),
    );
  });

  it("is nothing else: no half, no control, no other spelling", () => {
    const bad = [
      "",
      "\n",
      TEXT,
      `${TEXT}\n`,
      `${TEXT}${LINE}`,
      `${TEXT}\n${LINE.trimEnd()}`,
      `${TEXT}\n${LINE}x\n`,
      `${TEXT.replace("\n", "\r\n")}\n${LINE}`,
      `${TEXT}\u0000\n\n${LINE}`,
      `${TEXT}\n${LINE.replace("—", "-")}`,
      `${TEXT}\n${LINE.replace("=\n", "\n")}`,
      `${TEXT}\n${LINE.replace("JnAM=", "JnAN=")}`,
      `${TEXT}\n— PeterNeumann AAAA\n`,
      `${TEXT}\n${LINE.repeat(129)}`,
      `\ud800\n\n${LINE}`,
    ];
    for (const each of bad) expect(parseNote(each), JSON.stringify(each.slice(0, 80))).toBeUndefined();
    expect(parseNote(`${TEXT}\n\n\n${LINE}`)?.text).toBe(`${TEXT}\n\n`);
    expect(() => formatNote({ text: "no newline", signatures: [] })).toThrow(MerkleError);
  });
});

describe("a checkpoint", () => {
  const log = signerKey("log.example/live", 1);
  const witness = signerKey("witness.example/CN", 4);
  const head = { origin: "log.example/live", size: 3, root: leafHash(Buffer.from("root")) };
  const text = formatCheckpoint(head);

  it("opens under its log's key alone, and tells who cosigned it and when", () => {
    const signed = formatNote({
      text,
      signatures: [signNote(text, log), cosignNote(text, witness, 1_800_000_000)],
    });
    const opened = openCheckpoint(signed, [log.verifier], [witness.verifier]);
    expect(opened?.checkpoint).toMatchObject({ ...head, root: Buffer.from(head.root) });
    expect(opened?.signed).toEqual([{ key: log.verifier }, { key: witness.verifier, time: 1_800_000_000 }]);
    expect(openCheckpoint(signed, [signerKey("log.example/live", 1).verifier])).toBeUndefined();
    expect(
      openCheckpoint(
        formatNote({ text, signatures: [cosignNote(text, witness, 1)] }),
        [log.verifier],
        [witness.verifier],
      ),
    ).toBeUndefined();
  });

  it("does not open where a cosignature's time was changed, or it is of another checkpoint", () => {
    const cosignature = cosignNote(text, witness, 1_800_000_000);
    cosignature.bytes[7]! ^= 1;
    const other = cosignNote(formatCheckpoint({ ...head, size: 4 }), witness, 1_800_000_000);
    for (const one of [cosignature, other]) {
      const signed = formatNote({ text, signatures: [signNote(text, log), one] });
      expect(openCheckpoint(signed, [log.verifier], [witness.verifier])).toBeUndefined();
      expect(openCheckpoint(signed, [log.verifier])).toBeDefined();
    }
  });

  it("keeps the two kinds of signatures apart, under one seed", () => {
    const twin = signerKey(log.name, 4, log.seed);
    expect(twin.id).not.toBe(log.id);
    expect(() => signNote(text, twin)).toThrow(MerkleError);
    expect(() => cosignNote(text, log, 1)).toThrow(MerkleError);
    expect(() => cosignNote(text, twin, 0)).toThrow(MerkleError);
  });

  it("keeps extension lines, and is nothing else", () => {
    expect(parseCheckpoint(`${text}ext 1\next 2\n`)?.extensions).toEqual(["ext 1", "ext 2"]);
    expect(
      openCheckpoint(signCheckpoint({ ...head, extensions: ["x"] }, log), [log.verifier])?.checkpoint
        .extensions,
    ).toEqual(["x"]);
    const [origin, size, root] = text.split("\n");
    const bad = [
      "",
      "\n",
      `${origin}\n${size}\n`,
      `${origin}\n03\n${root}\n`,
      `${origin}\n-3\n${root}\n`,
      `\n3\n${root}\n`,
      `${origin}\n3\n${root?.slice(0, -1)}\n`,
      `${origin}\n99999999999999999\n${root}\n`,
      `${text}\n`,
      text.trimEnd(),
      `${origin}\n0\n${root}\n`,
      `${origin}\n3 \n${root}\n`,
    ];
    for (const each of bad) expect(parseCheckpoint(each), JSON.stringify(each)).toBeUndefined();
    expect(parseCheckpoint(formatCheckpoint({ ...head, size: 0, root: EMPTY_ROOT }))?.size).toBe(0);
    expect(() => formatCheckpoint({ ...head, origin: "a\nb" })).toThrow(MerkleError);
    expect(() => formatCheckpoint({ ...head, extensions: [""] })).toThrow(MerkleError);
  });
});

describe("a tlog-proof", () => {
  const hashes = [leafHash(Buffer.of(1)), leafHash(Buffer.of(2))];
  const checkpoint = COSIGNED;

  it("is written line by line as the specification has it, and read again", () => {
    const [first, second] = hashes.map((hash) => Buffer.from(hash).toString("base64"));
    const text = formatTlogProof({ index: 5, hashes, checkpoint });
    expect(text).toBe(`c2sp.org/tlog-proof@v1\nindex 5\n${first}\n${second}\n\n${COSIGNED}`);
    expect(parseTlogProof(text)).toEqual({
      index: 5,
      hashes: hashes.map((hash) => Buffer.from(hash)),
      checkpoint,
    });
    const extra = Buffer.from("more");
    expect(parseTlogProof(formatTlogProof({ index: 0, hashes: [], checkpoint, extra }))).toEqual({
      index: 0,
      hashes: [],
      checkpoint,
      extra,
    });
  });

  it("is nothing else", () => {
    const text = formatTlogProof({ index: 5, hashes, checkpoint });
    const bad = [
      "",
      text.replace("@v1", "@v2"),
      text.replace("index 5", "index 05"),
      text.replace("index 5", "index -1"),
      text.replace("index 5\n", ""),
      text.replace("\n\n", "\n"),
      text.replace("index 5\n", "index 5\nAAAA\n"),
      text.replace("index 5", "extra !\nindex 5"),
      formatTlogProof({ index: 5, hashes: Array(54).fill(hashes[0]), checkpoint }),
    ];
    for (const each of bad) expect(parseTlogProof(each), JSON.stringify(each.slice(0, 60))).toBeUndefined();
  });
});
