import { describe, expect, it } from "vitest";
import { type Collected, collect, objectsOf } from "../testing/collect-drafts.ts";
import { mispReader } from "./read-misp.ts";

const sha256 = "cd".repeat(32);
const tagged = (...names: string[]): object => ({ Tag: names.map((name) => ({ name })) });
const attribute = (type: string, value: string, more: object = {}): object => ({
  type,
  value,
  to_ids: true,
  ...more,
});
const seen = attribute("domain", "example.com");
const read = async (more: object): Promise<Collected> =>
  await collect(mispReader, { Event: { uuid: "e", info: "A campaign", ...tagged("tlp:green"), ...more } });
const draftOf = ({ drafts }: Collected, type: string) =>
  drafts.find((draft) => draft.kind === "object" && draft.object.type === type);

describe("a link of an event", () => {
  it.each([
    ["link", {}],
    ["url", { category: "External analysis", to_ids: false }],
  ])("is a note under its own marking where that is stricter than the event's: %s", async (type, more) => {
    const link = attribute(type, "https://secret.example/", {
      ...more,
      ...tagged("tlp:amber+strict"),
      comment: "Ours",
    });
    const collected = await read({ Attribute: [seen, link] });
    const [note, report] = [draftOf(collected, "note"), draftOf(collected, "report")];
    expect(note).toMatchObject({
      marking: { tlp: "amber+strict" },
      object: { content: "https://secret.example/\nOurs", object_refs: [report?.local] },
    });
    expect(report?.marking).toEqual({ tlp: "green" });
    expect(report?.contains).toContain(note?.local);
    expect(JSON.stringify(report)).not.toContain("secret.example");
  });

  it.each(["tlp:green", "tlp:clear", "botnet"])("stays a reference under %s", async (tag) => {
    const link = attribute("link", "https://example.com/a", tagged(tag));
    const collected = await read({ Attribute: [seen, link] });
    expect(JSON.stringify(draftOf(collected, "report"))).toContain("https://example.com/a");
    expect(objectsOf(collected, "note")).toEqual([]);
  });

  it("is a note where its PAP is stricter, and where the event has no marking", async () => {
    const Attribute = [seen, attribute("link", "https://example.com/a", tagged("PAP:RED"))];
    expect(draftOf(await read({ Attribute }), "note")?.marking).toEqual({ pap: "red" });
    expect(draftOf(await read({ Attribute, Tag: [] }), "note")?.marking).toEqual({ pap: "red" });
  });
});

describe("what carries the text of another attribute", () => {
  const rule = attribute("yara", "rule a { condition: true }", { object_relation: "yara" });
  const name = (tag: string) => attribute("text", "a", { object_relation: "yara-rule-name", ...tagged(tag) });

  it("is marked as strictly: a rule by its name", async () => {
    const collected = await read({ Object: [{ name: "yara", Attribute: [name("tlp:red"), rule] }] });
    expect(draftOf(collected, "indicator")).toMatchObject({ marking: { tlp: "red" }, object: { name: "a" } });
  });

  it("is not taken when that is under a level that nobody knows", async () => {
    const collected = await read({
      Object: [{ name: "yara", Attribute: [name("tlp:mauve"), rule] }],
      Attribute: [seen],
    });
    expect(collected.rejects).toMatchObject([{ code: "unknown-marking", unknownMarking: true }]);
    expect(draftOf(collected, "indicator")).toBeUndefined();
  });

  it("is marked as strictly: a URL by its parts, a file by all that is said of it", async () => {
    const url = attribute("url", "http://example.com/?id=7", { object_relation: "url" });
    const part = attribute("text", "id=7", { object_relation: "query_string", ...tagged("tlp:amber") });
    const { drafts } = await read({ Object: [{ name: "url", Attribute: [url, part] }] });
    expect(drafts[0]).toMatchObject({ kind: "value", marking: { tlp: "amber" } });
    const hash = attribute("sha256", sha256, { object_relation: "sha256" });
    const entropy = attribute("float", "7.1", { object_relation: "entropy", ...tagged("tlp:amber") });
    const file = await read({ Object: [{ name: "file", Attribute: [hash, entropy] }] });
    expect(draftOf(file, "file")?.marking).toEqual({ tlp: "amber" });
  });

  it("tells that a rule's name is lost where there is no rule", async () => {
    const { losses } = await read({
      Object: [{ name: "yara", Attribute: [name("botnet")] }],
      Attribute: [seen],
    });
    expect(losses.map(({ field }) => field)).toContain("yara.yara-rule-name");
  });
});

describe("an event's report in prose", () => {
  const EventReport = (more: object) => [{ uuid: "r", name: "Why", content: "What we think", ...more }];

  it.each([
    ["its tags", tagged("tlp:amber")],
    ["a line of it", { content: "# Why\n\n**TLP:AMBER**\n\nWhat we think" }],
  ])("is marked by %s", async (_name, more) => {
    const collected = await read({ Attribute: [seen], EventReport: EventReport(more) });
    expect(draftOf(collected, "note")?.marking).toEqual({ tlp: "amber" });
  });

  it("is refused under a level that nobody knows", async () => {
    const collected = await read({ Attribute: [seen], EventReport: EventReport(tagged("tlp:mauve")) });
    expect(collected.rejects).toMatchObject([{ code: "unknown-marking", unknownMarking: true }]);
    expect(objectsOf(collected, "note")).toEqual([]);
  });

  it("still says TLP:RED when it is deleted", async () => {
    const { rejects } = await read({
      Attribute: [seen],
      EventReport: EventReport({ deleted: true, ...tagged("tlp:red") }),
    });
    expect(rejects).toMatchObject([{ marking: { tlp: "red" } }]);
  });
});

describe("an attribute that becomes nothing", () => {
  it.each([
    ["has no place", attribute("pdb", "c:\\x.pdb")],
    ["is no value", attribute("ip-dst", "not an address")],
    ["is deleted", attribute("domain", "example.org", { deleted: true })],
    ["is no attribute", { value: "x" }],
    ["is no file", attribute("filename|sha1", "a.exe|abab")],
  ])("tells its marking all the same: it %s", async (_name, one) => {
    const { rejects } = await read({ Attribute: [seen, { ...one, ...tagged("TLP:RED") }] });
    expect(rejects).toMatchObject([{ at: "/Event/Attribute/1", marking: { tlp: "red" } }]);
  });

  it("is but a loss where its marking is neither red nor unknown", async () => {
    const { rejects, losses } = await read({ Attribute: [seen, attribute("pdb", "x", tagged("tlp:amber"))] });
    expect([rejects, losses.map(({ field }) => field)]).toEqual([[], expect.arrayContaining(["pdb"])]);
  });

  it.each(["text", "pdb"])("tells its marking in an object too: %s", async (type) => {
    const Attribute = [seen, attribute(type, "x", { object_relation: "x", ...tagged("tlp:red") })];
    const { rejects } = await read({ Object: [{ name: "thing", Attribute }] });
    expect(rejects).toMatchObject([{ marking: { tlp: "red" } }]);
  });

  it("names each of its values where its level is unknown", async () => {
    const pair = attribute("domain|ip", "example.org|192.0.2.1", tagged("tlp:mauve"));
    const { rejects } = await read({ Attribute: [seen, pair, attribute("pdb", "x", tagged("pap:mauve"))] });
    expect(rejects.map(({ code, raw, unknownMarking }) => [code, raw, unknownMarking])).toEqual([
      ["unknown-marking", "example.org", true],
      ["unknown-marking", "192.0.2.1", true],
      ["unknown-marking", "x", true],
    ]);
  });

  it("counts in an event that is refused as a whole", async () => {
    const Attribute = [attribute("domain", "example.com", tagged("tlp:red"))];
    for (const more of [{ info: "" }, tagged("tlp:mauve")])
      expect((await read({ Attribute, ...more })).rejects).toMatchObject([{ marking: { tlp: "red" } }]);
    const empty = await read({ Attribute: [], ...tagged("tlp:red") });
    expect(empty.rejects).toMatchObject([{ code: "empty-event", marking: { tlp: "red" } }]);
  });
});

it.each([
  ["its comment", attribute("domain", "example.org", { comment: "TLP:AMBER" })],
  ["a tag in other letters", attribute("domain", "example.org", tagged("TLP：ＡＭＢＥＲ"))],
  [
    "tags as some answers write them",
    attribute("domain", "example.org", { AttributeTag: [{ Tag: { name: "tlp:amber" } }] }),
  ],
])("an attribute is marked by %s", async (_name, one) => {
  expect((await read({ Attribute: [one] })).drafts[0]?.marking).toEqual({ tlp: "amber" });
});
