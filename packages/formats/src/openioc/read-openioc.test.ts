import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkPattern } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { chooseReader } from "../readers.ts";
import { collect, objectsOf, valuesOf } from "../testing/collect-drafts.ts";
import { named } from "../testing/named.ts";
import { faultsOf } from "../testing/validated.ts";
import { openiocReader } from "./read-openioc.ts";

const fixture = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, "fixtures", name), "utf8");
const [one, newer] = [fixture("ioc-1.0.xml"), fixture("ioc-1.1.xml")];
const item = (search: string, condition: string, content: string, more = ""): string =>
  `<ioc id="x" xmlns="http://schemas.mandiant.com/2010/ioc"><short_description>x</short_description><definition><Indicator operator="OR"><IndicatorItem condition="${condition}" ${more}><Context search="${search}"/><Content>${content}</Content></IndicatorItem></Indicator></definition></ioc>`;

describe("openiocReader", () => {
  it.each([one, newer])("is chosen by the content alone, and drafts what STIX allows (%#)", async (text) => {
    expect(chooseReader({ head: text })).toMatchObject({ ok: true, reader: { name: "openioc" } });
    const collected = await collect(openiocReader, text, { step: 41 });
    expect(faultsOf(collected)).toEqual([]);
    for (const { pattern } of objectsOf(collected, "indicator"))
      expect(checkPattern(String(pattern))).toEqual({ ok: true });
  });

  it.each(["ioc-1.0", "ioc-1.1"])("reads %s as the golden file says", async (name) => {
    const { drafts, losses, rejects } = await collect(openiocReader, fixture(`${name}.xml`));
    const golden = JSON.parse(fixture(`${name}.golden.json`));
    expect(named(drafts)).toEqual(golden.objects);
    expect(losses.map(({ at, reason }) => `${at}: ${reason}`)).toEqual(golden.losses);
    expect(rejects).toEqual(golden.rejects);
  });

  it.each([
    ["FileItem/FileName", "contains", "a.exe", "[file:name LIKE '%a.exe%']"],
    ["FileItem/FileName", "contains", "a_b%", "[file:name MATCHES 'a_b%']"],
    ["FileItem/FileName", "begins-with", "a", "[file:name LIKE 'a%']"],
    ["FileItem/FileName", "ends-with", ".scr", "[file:name LIKE '%.scr']"],
    ["FileItem/SizeInBytes", "greater-than", "100", "[file:size > 100]"],
    ["FileItem/Created", "less-than", "2026-01-02T00:00:00Z", "[file:ctime < t'2026-01-02T00:00:00.000Z']"],
    ["Email/Subject", "is", "it's", "[email-message:subject = 'it\\'s']"],
    ["RegistryItem/ValueName", "isnot", "x", "[windows-registry-key:values[*].name NOT = 'x']"],
    [
      "fileitem/fullpath",
      "is",
      "C:\\a\\b.exe",
      "[(file:parent_directory_ref.path = 'C:\\\\a' AND file:name = 'b.exe')]",
    ],
  ])("says %s %s %s as a pattern", async (search, condition, content, pattern) => {
    const [indicator] = objectsOf(
      await collect(openiocReader, item(search, condition, content)),
      "indicator",
    );
    expect(indicator?.pattern).toBe(pattern);
    expect(checkPattern(pattern)).toEqual({ ok: true });
  });

  it.each([
    ["FileItem/FullPath", "contains", "Temp"],
    ["TaskItem/Name", "is", "x"],
    ["FileItem/SizeInBytes", "is", "many"],
    ["FileItem/Md5sum", "is", "abc"],
  ])("rejects %s %s %s and says why", async (search, condition, content) => {
    const { rejects, losses } = await collect(openiocReader, item(search, condition, content));
    expect(rejects.map(({ code }) => code)).toEqual(["not-expressible", "empty-event"]);
    expect(losses).toHaveLength(1);
  });

  it("takes an address of either family where one is looked for", async () => {
    expect(valuesOf(await collect(openiocReader, item("PortItem/remoteIP", "is", "2001:db8::1")))).toEqual([
      "ipv6 2001:db8::1",
    ]);
  });

  it("takes the marking of a link for all of it, and refuses one that nobody knows", async () => {
    expect(
      (await collect(openiocReader, newer)).drafts.every(({ marking }) => marking?.tlp === "green"),
    ).toBe(true);
    await expect(collect(openiocReader, newer.replace("GREEN", "PURPLE"))).rejects.toMatchObject({
      code: "unknown-marking",
    });
  });

  const head = (metadata: string): string =>
    item("Network/DNS", "is", "c2.example").replace("<definition>", `${metadata}<definition>`);

  it.each([
    ["<keywords>tlp:red</keywords>", "red"],
    ["<keywords>apt tlp:red</keywords>", "red"],
    ["<keywords>apt, TLP:AMBER+STRICT, c2</keywords>", "amber+strict"],
    ['<links><link rel="classification">TLP AMBER</link></links>', "amber"],
    ['<links><link rel="marking">shared as TLP:RED</link></links>', "red"],
    ['<links><link rel="tlp" href="https://first.example/tlp">RED</link></links>', "red"],
  ])("takes the marking of %s for all of it", async (metadata, tlp) => {
    const { drafts } = await collect(openiocReader, head(metadata));
    expect(new Set(drafts.map(({ marking }) => marking?.tlp))).toEqual(new Set([tlp]));
  });

  it("takes what a link says may be done", async () => {
    const { drafts } = await collect(openiocReader, head('<links><link rel="pap">RED</link></links>'));
    expect(new Set(drafts.map(({ marking }) => marking?.pap))).toEqual(new Set(["red"]));
  });

  it.each(["<keywords>apt tlp:mauve</keywords>", '<links><link rel="pap">MAUVE</link></links>'])(
    "refuses %s, a level that nobody knows",
    async (metadata) =>
      expect(collect(openiocReader, head(metadata))).rejects.toMatchObject({ code: "unknown-marking" }),
  );

  const joint = (operator: string, ...items: [search: string, content: string][]): string =>
    `<ioc id="x"><definition><Indicator operator="OR"><Indicator operator="${operator}">${items
      .map(([search, content]) => item(search, "is", content).match(/<IndicatorItem.*<\/IndicatorItem>/)?.[0])
      .join("")}</Indicator></Indicator></definition></ioc>`;

  it.each([
    [
      joint("AND", ["PortItem/remoteIP", "198.51.100.7"], ["PortItem/remotePort", "4444"]),
      "[(network-traffic:dst_ref.value = '198.51.100.7' AND network-traffic:dst_port = 4444)]",
    ],
    [
      joint("AND", ["PortItem/protocol", "tcp"], ["PortItem/remoteIP", "2001:db8::1"]),
      "[(network-traffic:protocols[*] = 'tcp' AND network-traffic:dst_ref.value = '2001:db8::1')]",
    ],
    [
      joint("AND", ["PortItem/remoteIP", "198.51.100.7"], ["FileItem/FileName", "a.exe"]),
      "([ipv4-addr:value = '198.51.100.7'] AND [file:name = 'a.exe'])",
    ],
  ])("looks for an address and its port in one connection (%#)", async (text, pattern) => {
    const [indicator] = objectsOf(await collect(openiocReader, text), "indicator");
    expect(indicator?.pattern).toBe(pattern);
    expect(checkPattern(pattern)).toEqual({ ok: true });
  });

  it.each(["constructor", "toString"])("knows no condition %s", async (condition) => {
    const { rejects } = await collect(openiocReader, item("FileItem/SizeInBytes", condition, "5"));
    expect(rejects.map(({ code }) => code)).toContain("not-expressible");
  });

  it("refuses what is no definition", async () => {
    await expect(collect(openiocReader, "<a/>")).rejects.toMatchObject({ code: "not-a-bundle" });
  });
});
