import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { chooseReader } from "../readers.ts";
import { tarOf, zipOf } from "../testing/archive-fixture.ts";
import { collect, objectsOf, valuesOf } from "../testing/collect-drafts.ts";
import { attribute } from "../testing/misp-fixture.ts";
import { mispReader } from "./read-misp.ts";

const uuid = (n: number): string => `00000000-0000-4000-8000-0000000000${String(n).padStart(2, "0")}`;
const event = (n: number, more: object = {}): object => ({
  Event: {
    uuid: uuid(n),
    info: `Event ${n}`,
    date: "2026-01-01",
    Attribute: [attribute("domain", `d${n}.example.com`)],
    ...more,
  },
});
const json = (value: unknown): string => JSON.stringify(value);
const manifest = {
  [uuid(1)]: { info: "Event 1" },
  [uuid(2)]: { info: "Event 2" },
  [uuid(3)]: { info: "Event 3" },
};
const feed = [
  { name: "feed/manifest.json", text: json(manifest) },
  { name: "feed/hashes.csv", text: "d41d8cd98f00b204e9800998ecf8427e,x\n" },
  { name: `feed/${uuid(1)}.json`, text: json(event(1)) },
  { name: `feed/${uuid(2)}.json`, text: json(event(2)) },
  { name: "feed/readme.txt", text: "Read me" },
];
const found = (input: Buffer | string): string => {
  const chosen = chooseReader({ head: Buffer.from(input).toString("latin1") });
  return chosen.ok ? chosen.reader.name : chosen.code;
};

describe("a collection of MISP", () => {
  it("says where an event ends, as far as a unit is worth it", async () => {
    const many = (n: number, attributes: number): object =>
      event(n, {
        Attribute: Array.from({ length: attributes }, (_, at) => attribute("domain", `a${at}.example.com`)),
      });
    const all = [many(1, 400), many(2, 3), many(3, 3), many(4, 1_200)];
    const batches: string[] = [];
    const source = (async function* () {
      yield Buffer.from(json({ response: all }));
    })();
    const context = { receivedAt: "2026-03-01T00:00:00.000Z", producer: "SG" };
    for await (const events of mispReader.read(source, context)) {
      const indexes = events.flatMap((one) => ("draft" in one ? one.draft.index : []));
      const ends = events.some((one) => "unitEnds" in one) ? " ends" : "";
      batches.push(`${Math.min(...indexes)}-${Math.max(...indexes)}${ends}`);
    }
    expect(
      batches.filter((batch) => batch.endsWith("ends")).map((batch) => batch.replace(/^.*-/, "")),
    ).toEqual(["400 ends", "1609 ends"]);
  });

  const two = ["domain d1.example.com", "domain d2.example.com"];

  it.each([
    ["a list", json([event(1), event(2)]), "/1/Event"],
    ["a list under response", json({ response: [event(1), event(2)] }), "/response/1/Event"],
    ["one under response", json({ response: event(1) }), "/response/Event"],
    ["lines", `${json(event(1))}\n${json(event(2))}\n`, "#2/Event"],
    [
      "bare events",
      json([(event(1) as { Event: object }).Event, (event(2) as { Event: object }).Event]),
      "/1",
    ],
    ["a list within an event's name", json({ Event: [(event(1) as { Event: object }).Event] }), "/Event/0"],
  ])("is %s, and found by its content", async (_name, text, at) => {
    const collected = await collect(mispReader, text);
    expect(valuesOf(collected)).toEqual(two.slice(0, objectsOf(collected, "report").length));
    expect(collected.drafts.at(-1)?.at).toBe(at);
    expect(found(text)).toBe("misp");
  });

  it("tells of a member that is no event, with its marking, and reads the rest", async () => {
    const odd = { type: "x", Tag: [{ name: "tlp:amber" }] };
    const { rejects, drafts } = await collect(mispReader, [event(1), odd, 7, event(2)]);
    expect(rejects).toMatchObject([
      { code: "not-an-event", at: "/1", marking: { tlp: "amber" } },
      { code: "not-an-event", at: "/2" },
    ]);
    expect(drafts.map(({ index }) => index)).toEqual([1, 0, 5, 4]);
  });

  it("is what a search for attributes answers", async () => {
    const found1 = attribute("domain", "example.com", { Event: { uuid: uuid(1), info: "Its event" } });
    const collected = await collect(mispReader, { response: { Attribute: [found1] } });
    expect(valuesOf(collected)).toEqual(["domain example.com"]);
    expect(objectsOf(collected, "report")).toMatchObject([{ name: "Its event" }]);
  });

  it("streams: no more of it is read ahead than the batch that is yielded", async () => {
    const one = Buffer.from(`${json(event(1))},`);
    const members = 5_000;
    let sent = 0;
    const source = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"response":[');
      for (; sent < members - 1; sent += 1) yield one;
      yield one.subarray(0, -1);
      yield Buffer.from("]}");
    };
    let events = 0;
    const context = { producer: "SG", receivedAt: "2026-03-01T00:00:00.000Z" };
    for await (const batch of mispReader.read(source(), context)) {
      events += batch.filter((one) => "draft" in one && one.draft.kind === "object").length;
      expect(sent - events).toBeLessThan(10);
    }
    expect(events).toBe(members);
  });

  it("tells what a beginning holds as a whole", async () => {
    const text = json([event(1), event(2)]).slice(0, -40);
    const source = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from(text);
    };
    const context = { producer: "SG", receivedAt: "2026-03-01T00:00:00.000Z", isBeginning: true as const };
    const batches = await Array.fromAsync(mispReader.read(source(), context));
    expect(batches.flat().filter((one) => "draft" in one)).toHaveLength(2);
  });
});

describe("a feed of MISP", () => {
  it.each([
    ["a zip archive", zipOf(feed)],
    ["a zip archive that is only stored", zipOf(feed.map((file) => ({ ...file, method: 0 })))],
    ["a tar archive", tarOf(feed)],
    ["a compressed tar archive", gzipSync(tarOf(feed))],
  ])("is %s, whose events are told from the rest", async (_name, bytes) => {
    expect(found(bytes)).toBe("misp");
    const collected = await collect(mispReader, bytes, { step: 100 });
    expect(valuesOf(collected)).toEqual(["domain d1.example.com", "domain d2.example.com"]);
    expect(objectsOf(collected, "report").map(({ name }) => name)).toEqual(["Event 1", "Event 2"]);
    expect(collected.drafts.at(-1)?.at).toBe(`feed/${uuid(2)}.json#/Event`);
    expect(collected.losses.map(({ at, field }) => [at, field])).toEqual(
      expect.arrayContaining([
        ["feed/readme.txt", "feed/readme.txt"],
        [`manifest.json#/${uuid(3)}`, "Event"],
      ]),
    );
    expect(collected.losses.filter(({ at }) => at.includes("hashes") || at.includes(`#/${uuid(1)}`))).toEqual(
      [],
    );
  });

  it("may be one compressed document", async () => {
    expect(valuesOf(await collect(mispReader, gzipSync(json(event(1)))))).toEqual(["domain d1.example.com"]);
  });

  it("is not its manifest alone", async () => {
    expect(found(json(manifest))).toBe("misp");
    await expect(collect(mispReader, manifest)).rejects.toMatchObject({ code: "empty" });
  });
});

describe("an archive that is not what it should be", () => {
  const zip = zipOf(feed);
  const tar = tarOf(feed);
  const bomb = { name: "a.json", text: Buffer.alloc(50 * 1024 * 1024, 0x20) };

  it.each([
    ["a zip that is cut off", zip.subarray(0, -200), "malformed-archive"],
    ["a tar that is cut off", tar.subarray(0, 2_100), "malformed-archive"],
    ["a gzip that is cut off", gzipSync(tar).subarray(0, -30), "malformed-archive"],
    [
      "a gzip of nonsense",
      Buffer.from("\x1f\x8b\x08nonsense, and more of it", "latin1"),
      "malformed-archive",
    ],
    ["an encrypted file", zipOf([{ name: "a.json", text: "{}", flags: 1 }]), "malformed-archive"],
    ["an unknown method", zipOf([{ name: "a.json", text: "{}", method: 14 }]), "malformed-archive"],
    ["a zip bomb", zipOf([bomb]), "too-large"],
    ["a zip bomb that lies about its size", zipOf([{ ...bomb, size: 10 }]), "too-large"],
    ["a gzip bomb", gzipSync(bomb.text), "too-large"],
    ["archives in archives", gzipSync(gzipSync(gzipSync(gzipSync(json(event(1)))))), "malformed-archive"],
    ["a feed with a broken event", zipOf([{ name: "a.json", text: '{"Event": {' }]), "malformed-json"],
    ["a feed of nothing", zipOf([{ name: "a.txt", text: "x" }]), "not-a-bundle"],
  ])("is refused within a second: %s", async (_name, bytes, code) => {
    const began = performance.now();
    await expect(collect(mispReader, bytes)).rejects.toMatchObject({ code });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it("is refused where its files overlap", async () => {
    const one = zipOf([{ name: "a.json", text: json(event(1)) }]);
    const entries = one.subarray(one.indexOf(Buffer.from("PK\x01\x02", "latin1")), -22);
    const end = Buffer.from(one.subarray(-22));
    end.writeUInt16LE(9, 8);
    end.writeUInt16LE(9, 10);
    const overlapping = Buffer.concat([one.subarray(0, -22), ...Array(8).fill(entries), end]);
    await expect(collect(mispReader, overlapping)).rejects.toMatchObject({ code: "malformed-archive" });
  });

  it("says in which file and where", async () => {
    const bytes = zipOf([{ name: "feed/a.json", text: '{"Event":\n {"info": "x",\n' }]);
    await expect(collect(mispReader, bytes)).rejects.toMatchObject({
      at: expect.stringMatching(/^feed\/a\.json, line 3/),
    });
  });
});
