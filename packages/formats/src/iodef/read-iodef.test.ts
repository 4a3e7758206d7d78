import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseReader } from "../readers.ts";
import { collect, objectsOf, valuesOf } from "../testing/collect-drafts.ts";
import { named } from "../testing/named.ts";
import { faultsOf } from "../testing/validated.ts";
import { iodefReader } from "./read-iodef.ts";

const fixture = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, "fixtures", name), "utf8");
const [one, two] = [fixture("incident-v1.xml"), fixture("incident-v2.xml")];

describe("iodefReader", () => {
  it.each([one, two])("is chosen by the content alone, and drafts what STIX allows (%#)", async (text) => {
    expect(chooseReader({ head: text })).toMatchObject({ ok: true, reader: { name: "iodef" } });
    expect(faultsOf(await collect(iodefReader, text, { step: 33 }))).toEqual([]);
  });

  it.each(["incident-v1", "incident-v2"])("reads %s as the golden file says", async (name) => {
    const { drafts, losses, rejects } = await collect(iodefReader, fixture(`${name}.xml`));
    const golden = JSON.parse(fixture(`${name}.golden.json`));
    expect(named(drafts)).toEqual(golden.objects);
    expect(losses.map(({ at, reason }) => `${at}: ${reason}`)).toEqual(golden.losses);
    expect(rejects).toEqual([]);
  });

  it.each([
    ["public", "clear"],
    ["white", "clear"],
    ["green", "green"],
    ["partner", "amber"],
    ["amber", "amber"],
    ["need-to-know", "amber+strict"],
    ["private", "red"],
    ["red", "red"],
  ])("takes restriction %s as %s", async (restriction, tlp) => {
    const { drafts } = await collect(
      iodefReader,
      two.replace('restriction="green"', `restriction="${restriction}"`),
    );
    expect(new Set(drafts.map(({ marking }) => marking?.tlp))).toEqual(new Set([tlp]));
  });

  it("takes the strictest of all restrictions within, and refuses one that nobody knows", async () => {
    const within = two.replace("<EventData>", '<EventData restriction="red">');
    expect((await collect(iodefReader, within)).drafts[0]?.marking).toEqual({ tlp: "red" });
    const unknown = two.replace('restriction="green"', 'restriction="ext-value" ext-restriction="ours"');
    await expect(collect(iodefReader, unknown)).rejects.toMatchObject({
      code: "unknown-marking",
      at: "line 3",
    });
  });

  it("says that a restriction left out means private, and leaves it to whoever sends it", async () => {
    const { drafts, losses } = await collect(iodefReader, two.replace(' restriction="green"', ""));
    expect(drafts.every(({ marking }) => marking === undefined)).toBe(true);
    expect(losses.map(({ field }) => field)).toContain("restriction");
  });

  it("keeps what is to be looked for together in one pattern, and alternatives apart", async () => {
    const collected = await collect(iodefReader, two);
    expect(objectsOf(collected, "indicator").map(({ pattern }) => pattern)).toEqual([
      "([(file:name = 'a.exe' AND file:hashes.'SHA-256' = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')] AND [ipv4-addr:value = '198.51.100.0/24'])",
    ]);
    const alternatives = await collect(iodefReader, two.replace('operator="and"', 'operator="or"'));
    expect(objectsOf(alternatives, "indicator")[0]?.pattern).toContain("] OR [");
  });

  it.each(["not", "xor"])("rejects %s, which no pattern says the same", async (operator) => {
    const { rejects } = await collect(iodefReader, two.replace('operator="and"', `operator="${operator}"`));
    expect(rejects.map(({ code, at }) => [code, at])).toEqual([["not-expressible", "line 37"]]);
  });

  it("calls targets victims and sources attackers", async () => {
    const collected = await collect(iodefReader, one);
    expect(valuesOf(collected)).toContain("ipv4 192.0.2.16");
    const impacts = objectsOf(collected, "relationship").filter(
      ({ relationship_type }) => relationship_type === "impacts",
    );
    const target = collected.drafts.find(
      (draft) => draft.kind === "value" && draft.value.raw === "192.0.2.16/28",
    );
    expect(impacts.map(({ target_ref }) => target_ref)).toEqual([target?.local]);
  });

  it("numbers the records of several incidents through", async () => {
    const incident = /<Incident[\s\S]*<\/Incident>/.exec(two)?.[0] ?? "";
    const { drafts } = await collect(
      iodefReader,
      two.replace(incident, `${incident}\n${incident.replace("189234", "7")}`),
    );
    const indexes = new Set(drafts.map(({ index }) => index));
    expect([...indexes].sort((a, b) => a - b)).toEqual([...indexes].map((_, n) => n));
    expect(indexes.size).toBe(12);
  });

  it.each([
    [
      "an entity bomb",
      two.replace("<IODEF", '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><IODEF'),
      "forbidden-dtd",
    ],
    ["an entity of nowhere", two.replace("A botnet", "&x;"), "malformed-xml"],
    ["the first half", two.slice(0, two.length / 2), "malformed-xml"],
    ["depth", `<IODEF-Document>${"<Incident>".repeat(200)}`, "too-deep"],
    ["another document", "<a/>", "not-a-bundle"],
    [
      "another encoding than it says",
      Buffer.concat([Buffer.from(two), Buffer.from([0xff])]),
      "malformed-utf8",
    ],
  ])("refuses %s with its line", async (_name, input, code) => {
    await expect(collect(iodefReader, input, { step: 100 })).rejects.toMatchObject({ code });
  });

  it("reads the encodings that documents declare", async () => {
    const text = two.replace('encoding="UTF-8"', 'encoding="GB2312"');
    const bytes = Buffer.from(text, "latin1");
    const at = bytes.indexOf("A botnet");
    const chinese = Buffer.concat([
      bytes.subarray(0, at),
      Buffer.from([0xc4, 0xe3, 0xba, 0xc3]),
      bytes.subarray(at + 8),
    ]);
    const { drafts } = await collect(iodefReader, chinese);
    expect(JSON.stringify(drafts)).toContain("你好 of cameras");
  });
});
