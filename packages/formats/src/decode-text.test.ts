import { isUtf8 } from "node:buffer";
import { describe, expect, it } from "vitest";
import { decodeText } from "./decode-text.ts";
import { utf8Fault } from "./utf8-fault.ts";

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, size: number): Promise<string> {
  let text = "";
  for await (const part of decodeText(inChunks(bytes, size))) text += part;
  return text;
}

const TEXT = "erste Zeile\nzweite \u00fc\u20ac\u{1f41f}\r\n\u{1f41f}dritte\n";
const BEYOND = Buffer.from("x\nvierte\n");
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le");

describe.each([1, 2, 3, 5, 1_000])("text in chunks of %i", (size) => {
  it.each([
    ["UTF-8", Buffer.from(TEXT)],
    ["UTF-16", utf16(TEXT)],
    ["UTF-16 of the other order", utf16(TEXT).swap16()],
  ])("is read from %s", async (_name, bytes) => {
    expect((await read(bytes, size)).replace(/^\ufeff/, "")).toBe(TEXT);
  });

  it.each([
    ["a byte of Latin-1", Buffer.concat([Buffer.from(TEXT), Buffer.from([0xe9]), BEYOND])],
    ["half a surrogate pair", Buffer.concat([Buffer.from(TEXT), Buffer.from([0xed, 0xa0, 0x80]), BEYOND])],
    ["a character cut off by the end", Buffer.concat([Buffer.from(TEXT), Buffer.from([0xf0, 0x9f])])],
    ["a character cut off by a newline", Buffer.concat([Buffer.from(TEXT), Buffer.from([0xf0, 0x9f, 0x0a])])],
    ["a NUL", Buffer.from(`${TEXT}\0\n`)],
    ["half a pair of UTF-16", utf16(`${TEXT}\ud800x\nvierte\n`)],
    ["the other half", utf16(`${TEXT}\udc00x\nvierte\n`).swap16()],
    ["half a character of UTF-16", Buffer.concat([utf16(TEXT), Buffer.from([0x41])])],
  ])("is refused at its line for %s", async (_name, bytes) => {
    await expect(read(bytes, size)).rejects.toMatchObject({ code: "malformed-utf8", at: "line 4" });
  });
});

it("holds the bytes of UTF-8 as the engine does", () => {
  const leads = [
    0x41, 0x7f, 0x80, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xee, 0xf0, 0xf1, 0xf4, 0xf5, 0xff,
  ];
  const rest = [0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0];
  const wrong: Buffer[] = [];
  for (const lead of leads)
    for (const second of rest)
      for (const third of rest)
        for (const fourth of rest)
          for (const length of [1, 2, 3, 4]) {
            const bytes = Buffer.from([lead, second, third, fourth].slice(0, length));
            if (isUtf8(bytes) !== (utf8Fault(bytes) === undefined)) wrong.push(bytes);
          }
  expect(wrong).toEqual([]);
});
