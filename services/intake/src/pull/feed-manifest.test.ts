import { describe, expect, it } from "vitest";
import { feedAddresses, readEventFile, readManifest } from "./feed-manifest.ts";

const LIMITS = { maxBytes: 1_000_000 };
const [A, B, C] = ["a", "b", "c"].map((one) => `${one.repeat(8)}-0000-4000-8000-000000000000`) as [
  string,
  string,
  string,
];
const read = (manifest: unknown, after?: number) =>
  readManifest(Buffer.from(JSON.stringify(manifest)), LIMITS, after);

describe("a feed's manifest", () => {
  it("lists the longest unchanged first, by numbers and by words", () => {
    const listed = read({
      [C]: { timestamp: "30", Orgc: { uuid: B.toUpperCase() } },
      [B.toUpperCase()]: { timestamp: 20 },
      [A]: { timestamp: "20" },
    });
    expect(listed.map(({ event, timestamp }) => [event, timestamp])).toEqual([
      [A, 20],
      [B, 20],
      [C, 30],
    ]);
    expect(listed.map(({ creator }) => creator)).toEqual([undefined, undefined, B]);
    expect(read({ [A]: { timestamp: 20 }, [B]: { timestamp: 21 } }, 20).map(({ event }) => event)).toEqual([
      B,
    ]);
  });

  it("tells every change of an entry, that of its time or not", () => {
    const [one, again, retitled] = [
      { timestamp: 1, info: "x" },
      { timestamp: 1, info: "x" },
      { timestamp: 1, info: "y" },
    ].map((entry) => read({ [A]: entry })[0]?.entry.toString("hex"));
    expect(again).toBe(one);
    expect(retitled).not.toBe(one);
  });

  it("takes an event without a time, or with one that is none, for the oldest", () => {
    const odd = read({ [A]: {}, [B]: { timestamp: "soon" }, [C]: { timestamp: -1, Orgc: { uuid: "x" } } });
    expect(odd.map(({ timestamp, creator }) => [timestamp, creator])).toEqual([
      [0, undefined],
      [0, undefined],
      [0, undefined],
    ]);
  });

  it.each([
    ["a list", []],
    ["names that are no UUIDs", { "../../secret": { timestamp: 1 } }],
    ["entries that are none", { [A]: "x" }],
    ["text", "manifest"],
  ])("is none that is %s", (_, manifest) => {
    expect(() => read(manifest)).toThrow(expect.objectContaining({ code: "not-a-feed" }));
  });

  it.each([["{"], ["<html>"], ['{"__proto__":{}}'], ["[".repeat(10_000)]])(
    "is none that reads %.20s",
    (text) => {
      expect(() => readManifest(Buffer.from(text), LIMITS)).toThrow(
        expect.objectContaining({ code: "not-a-feed" }),
      );
    },
  );
});

describe("an event of a feed", () => {
  it("is the one that was listed, and says whose it is", () => {
    const file = (event: object) => Buffer.from(JSON.stringify({ Event: event }));
    expect(readEventFile(file({ uuid: A.toUpperCase(), info: "x", Orgc: { uuid: B } }), A, LIMITS)).toEqual({
      creator: B,
    });
    for (const other of [file({ uuid: B, info: "x" }), file({ uuid: A }), Buffer.from("{")])
      expect(() => readEventFile(other, A, LIMITS)).toThrow(
        expect.objectContaining({ code: "not-an-event" }),
      );
  });
});

describe("a feed's address", () => {
  it.each([
    [
      "https://misp.example/feed",
      "https://misp.example/feed/manifest.json",
      "https://misp.example/feed/a.json",
    ],
    [
      "https://misp.example/feed/?k=1#x",
      "https://misp.example/feed/manifest.json?k=1",
      "https://misp.example/feed/a.json?k=1",
    ],
    [
      "https://misp.example/feed/manifest.json?k=1",
      "https://misp.example/feed/manifest.json?k=1",
      "https://misp.example/feed/a.json?k=1",
    ],
  ])("%s", (address, manifest, event) => {
    const at = feedAddresses(new URL(address));
    expect([at.manifest.href, at.event("a").href]).toEqual([manifest, event]);
    expect(at.folder).toBe("https://misp.example/feed/");
  });
});
