import { assetMarksOf, assetSet, tlpMarkingId } from "@suar/stix";
import { describe, expect, it } from "vitest";
import type { Entry } from "./entry.ts";
import { compileFilter } from "./match.ts";

function indicator(pattern: string, more: Record<string, unknown> = {}, entry: Partial<Entry> = {}): Entry {
  const object = {
    type: "indicator",
    id: "indicator--1",
    pattern,
    pattern_type: "stix",
    object_marking_refs: [tlpMarkingId("green")],
    ...more,
  };
  return {
    seq: 1,
    at: "2027-01-01T00:00:00.000000Z",
    kind: "released",
    isStub: false,
    renditionId: 1,
    audience: new Set([1]),
    producerId: 1,
    producer: "SG",
    tlp: "green",
    stixId: "indicator--1",
    body: JSON.stringify(object),
    ...entry,
  };
}

const domain = indicator("[domain-name:value = 'mail.bank.example']", {
  labels: ["severity:high", "sector:energy"],
  name: "Kit of Monsoon",
});
const address = indicator("[ipv4-addr:value = '192.0.2.77']");
const six = indicator("[ipv6-addr:value = '2001:db8::7']");

describe("compileFilter", () => {
  it("lets everything through when nothing is asked", () => {
    expect(compileFilter({})(domain)).toBe(true);
  });

  it.each([
    [{ types: ["indicator"] }, true],
    [{ types: ["report"] }, false],
    [{ severity: ["high" as const] }, true],
    [{ severity: ["low" as const] }, false],
    [{ sectors: ["Energy"] }, true],
    [{ tlp: ["amber" as const] }, false],
    [{ producers: ["SG", "MY"] }, true],
    [{ producers: ["CN"] }, false],
    [{ labels: ["severity:high"] }, true],
    [{ text: "monsoon KIT" }, true],
    [{ text: "monsoon rain" }, false],
    [{ types: ["indicator"], producers: ["CN"] }, false],
    [{ kinds: ["advisory"] }, false],
  ])("%j gives %s", (filter, expected) => {
    expect(compileFilter(filter)(domain)).toBe(expected);
  });

  it("matches what lies below an own domain, and no look-alike", () => {
    expect(compileFilter({ values: ["bank[.]example"] })(domain)).toBe(true);
    expect(compileFilter({ values: ["mail.bank.example"] })(domain)).toBe(true);
    expect(compileFilter({ values: ["ank.example"] })(domain)).toBe(false);
    expect(compileFilter({ values: ["other.mail.bank.example"] })(domain)).toBe(false);
  });

  it("matches what lies inside an own network, of either family", () => {
    expect(compileFilter({ values: ["192.0.2.0/24"] })(address)).toBe(true);
    expect(compileFilter({ values: ["198.51.100.0/24"] })(address)).toBe(false);
    expect(compileFilter({ values: ["2001:db8::/32"] })(six)).toBe(true);
    expect(compileFilter({ values: ["192.0.2.0/24"] })(six)).toBe(false);
  });

  it("takes what is no observable for a product's name", () => {
    expect(compileFilter({ values: ["Monsoon"] })(domain)).toBe(true);
    expect(compileFilter({ values: ["Typhoon"] })(domain)).toBe(false);
  });

  it("asks what is watched anew at each look, beside what is written out", () => {
    let watched = assetSet([]);
    const matches = compileFilter({ values: ["@watch", "2001:db8::/32"] }, 1, () => watched);
    expect([domain, six].map(matches)).toEqual([false, true]);
    watched = assetSet([{ kind: "domain", value: "bank.example" }]);
    expect([domain, address, six].map(matches)).toEqual([true, false, true]);
    watched = assetSet([]);
    expect(matches(domain)).toBe(false);
  });

  it("does not take the word for what is watched where nobody says whose", () => {
    expect(() => compileFilter({ values: ["@watch"] })).toThrow("@watch");
  });

  it("matches what an entry names, where that was looked up", () => {
    const bare = indicator("", { type: "relationship", pattern: undefined });
    const marks = assetMarksOf({ type: "domain-name", value: "mail.bank.example" } as never);
    const matches = compileFilter({ values: ["bank.example"] });
    const named = [[{ marks, to: undefined }]];
    expect([matches(bare), matches({ ...bare, named })]).toEqual([false, true]);
    expect([matches.asksNamed, compileFilter({ types: ["report"] }).asksNamed]).toEqual([true, false]);
  });

  it("matches what was said last of a named thing to the reader, and nothing that was said to others", () => {
    const bare = indicator("", { type: "relationship", pattern: undefined });
    const said = (value: string, ...to: number[]) => {
      return { marks: assetMarksOf({ type: "domain-name", value } as never), to: new Set(to) };
    };
    const named = [[said("late.example", 2), said("early.example", 1, 2)], [said("other.example", 3)]];
    const metBy = (value: string, reader?: number) =>
      compileFilter({ values: [value] }, reader)({ ...bare, named });
    const readers = [1, 2, 3, undefined];
    expect(readers.map((reader) => metBy("late.example", reader))).toEqual([false, true, false, false]);
    expect(readers.map((reader) => metBy("early.example", reader))).toEqual([true, false, false, false]);
    expect(readers.map((reader) => metBy("other.example", reader))).toEqual([false, false, true, false]);
  });

  it("takes a product by its CPE name, and nothing that only looks like it", () => {
    const product = (cpe: string) => indicator(`[software:cpe = '${cpe}']`);
    const matches = compileFilter({ values: ["cpe:/o:maker:router_os"] });
    expect(matches(product("cpe:2.3:o:maker:router_os:9:*:*:*:*:*:*:*"))).toBe(true);
    expect(matches(product("cpe:2.3:o:maker:router_os_light:9:*:*:*:*:*:*:*"))).toBe(false);
  });

  it.each([
    ["d41d8cd98f00b204e9800998ecf8427e", "file:hashes.MD5 = 'D41D8CD98F00B204E9800998ECF8427E'", true],
    ["head@bank.example", "email-addr:value = 'head@bank.example'", true],
    ["head@bank.example", "email-addr:value = 'other@bank.example'", false],
    ["https://a.example/x", "url:value = 'https://a.example/x'", true],
    ["https://a.example/x", "url:value = 'https://a.example/y'", false],
    ["0.0.0.0/0", "ipv4-addr:value = '192.0.2.1'", true],
  ])("takes %s for what it is: [%s] gives %s", (value, pattern, expected) => {
    expect(compileFilter({ values: [value] })(indicator(`[${pattern}]`))).toBe(expected);
  });

  it("lets a withdrawal through every filter", () => {
    const withdrawn = indicator("", {}, { kind: "withdrawn" });
    expect(compileFilter({ types: ["report"], producers: ["CN"] })(withdrawn)).toBe(true);
  });
});
