import { describe, expect, it } from "vitest";
import type { StixObject } from "../stix-object.ts";
import { assetText, parseAsset } from "./asset.ts";
import { assetMarksOf } from "./asset-marks.ts";
import { assetSet } from "./asset-set.ts";

describe("parseAsset", () => {
  it.each([
    ["AS64496", "AS64496"],
    ["asn 64496", "AS64496"],
    ["192.0.2.77/24", "192.0.2.0/24"],
    ["192.0.2[.]7", "192.0.2.7"],
    ["192.0.2.7/32", "192.0.2.7"],
    ["2001:DB8:0::/33", "2001:db8::/33"],
    ["2001:db8::1/128", "2001:db8::1"],
    ["Bank[.]Example.", "bank.example"],
    ["bank.zip", "bank.zip"],
    ["银行.example", "xn--jn2a72x.example"],
    ["cpe:/o:Example:Router_OS:10.3", "cpe:2.3:o:example:router_os:10.3:*:*:*:*:*:*:*"],
    ["CPE:2.3:a:example:kit:*:*:*:*:*:*:*:*", "cpe:2.3:a:example:kit:*:*:*:*:*:*:*:*"],
  ])("reads %s as %s, and that as itself", (raw, text) => {
    const read = parseAsset(raw);
    expect(read.ok && assetText(read.asset)).toBe(text);
    expect(parseAsset(text)).toEqual(read);
  });

  it.each([
    ["", "empty"],
    ["x".repeat(600), "too-long"],
    ["bank", "no-asset"],
    ["com", "no-asset"],
    ["*.bank.example", "no-asset"],
    ["https://bank.example/", "no-asset"],
    ["head@bank.example", "no-asset"],
    ["192.0.2.256", "no-asset"],
    ["192.0.2.0/33", "no-asset"],
    ["AS99999999999", "no-asset"],
    ["13335", "no-asset"],
    ["cpe:2.3:a:example", "no-product"],
    ["cpe:2.3:a:*:*:1.0:*:*:*:*:*:*:*", "no-product"],
    ["@watch", "no-asset"],
  ])("refuses %s: %s", (raw, code) => expect(parseAsset(raw)).toMatchObject({ ok: false, code }));
});

function meets(asset: string, object: Record<string, unknown>): boolean {
  const read = parseAsset(asset);
  if (!read.ok) throw new Error(read.message);
  return assetSet([read.asset]).meets(assetMarksOf(object as unknown as StixObject));
}

const pattern = (text: string) => ({ type: "indicator", pattern: `[${text}]`, pattern_type: "stix" });
const address = (value: string) => ({ type: value.includes(":") ? "ipv6-addr" : "ipv4-addr", value });

describe("assetSet", () => {
  it.each([
    ["192.0.2.0/24", address("192.0.2.77"), true],
    ["192.0.2.0/24", address("192.0.3.1"), false],
    ["192.0.2.0/24", address("192.0.2.128/25"), true],
    ["192.0.2.0/24", address("192.0.2.0/24"), true],
    ["192.0.2.0/24", address("192.0.2.0/23"), false],
    ["192.0.2.0/24", address("::ffff:192.0.2.7"), true],
    ["192.0.2.7", address("192.0.2.7"), true],
    ["192.0.2.7", address("192.0.2.0/24"), false],
    ["2001:db8::/33", address("2001:db8:7fff::1"), true],
    ["2001:db8::/33", address("2001:db8:8000::1"), false],
    ["192.0.2.0/24", address("2001:db8::1"), false],
    ["192.0.2.0/24", { type: "url", value: "http://192.0.2.9:8080/x" }, true],
    ["192.0.2.0/24", pattern("ipv4-addr:value ISSUBSET '192.0.2.64/26'"), true],
    ["192.0.2.0/24", pattern("ipv4-addr:value NOT ISSUBSET '192.0.2.64/26'"), false],
    ["192.0.2.0/24", pattern("network-traffic:dst_ref.value = '192.0.2.9'"), true],
  ])("%s and %j: %s", (asset, object, expected) => expect(meets(asset, object)).toBe(expected));

  it.each([
    ["bank.example", { type: "domain-name", value: "mail.bank.example" }, true],
    ["bank.example", { type: "domain-name", value: "bank.example" }, true],
    ["bank.example", { type: "domain-name", value: "ebank.example" }, false],
    ["mail.bank.example", { type: "domain-name", value: "bank.example" }, false],
    ["bank.example", { type: "url", value: "https://login.bank.example/a?b" }, true],
    ["bank.example", { type: "url", value: "https://evil.example/bank.example" }, false],
    ["bank.example", { type: "email-addr", value: "head@mail.bank.example" }, true],
    ["bank.example", { type: "email-addr", value: "bank.example@evil.example" }, false],
    ["bank.example", pattern("url:value = 'http://www.bank.example/'"), true],
    ["bank.example", { type: "report", name: "bank.example was phished" }, false],
  ])("%s and %j: %s", (asset, object, expected) => expect(meets(asset, object)).toBe(expected));

  it.each([
    ["AS64496", { type: "autonomous-system", number: 64496 }, true],
    ["AS64496", { type: "autonomous-system", number: 64497 }, false],
    ["AS64496", pattern("autonomous-system:number = 64496"), true],
    ["AS64496", pattern("ipv4-addr:belongs_to_refs[*].number = 64496"), true],
    ["AS64496", pattern("ipv4-addr:belongs_to_refs[*].number = 64497"), false],
    [
      "AS64496",
      // §2.9 by hand: UUIDv5 of {"number":64496} in the namespace of observables.
      {
        ...address("192.0.2.1"),
        belongs_to_refs: ["autonomous-system--9ad79ee3-2fde-5015-b0cc-7a96404effca"],
      },
      true,
    ],
    [
      "AS64497",
      {
        ...address("192.0.2.1"),
        belongs_to_refs: ["autonomous-system--9ad79ee3-2fde-5015-b0cc-7a96404effca"],
      },
      false,
    ],
  ])("%s and %j: %s", (asset, object, expected) => expect(meets(asset, object)).toBe(expected));

  const watched = "cpe:2.3:o:example:router_os:*:*:*:*:*:*:*:*";
  it.each([
    [{ type: "software", name: "x", cpe: "cpe:2.3:o:example:router_os:10.3:*:*:*:*:*:*:*" }, true],
    [{ type: "software", name: "x", cpe: "cpe:2.3:o:example:router_os_2:10.3:*:*:*:*:*:*:*" }, false],
    [{ type: "software", name: "router_os", vendor: "example" }, false],
    [{ type: "software", name: "x", cpe: "cpe:2.3:*:*:*:*:*:*:*:*:*:*:*" }, false],
    [pattern("software:cpe = 'cpe:2.3:o:example:router_os:9:*:*:*:*:*:*:*'"), true],
    [
      {
        type: "vulnerability",
        name: "CVE-2027-0001",
        external_references: [
          { source_name: "cpe", external_id: "cpe:2.3:o:example:router_os:9:*:*:*:*:*:*:*" },
        ],
      },
      true,
    ],
    [{ type: "vulnerability", name: "CVE-2027-0001", description: watched }, false],
  ])("a product and %j: %s", (object, expected) => expect(meets(watched, object)).toBe(expected));

  it("finds one among ten thousand", () => {
    const many = Array.from({ length: 5_000 }, (_, n) => `cpe:2.3:a:v${n}:p${n % 7}:*:*:*:*:*:*:*:*`);
    const networks = Array.from({ length: 5_000 }, (_, n) => `10.${n >> 8}.${n & 255}.0/24`);
    const set = assetSet(
      [...many, ...networks].map((text) => {
        const read = parseAsset(text);
        if (!read.ok) throw new Error(text);
        return read.asset;
      }),
    );
    const marks = assetMarksOf(address("10.19.135.9") as unknown as StixObject);
    const others = assetMarksOf(address("10.19.136.9") as unknown as StixObject);
    expect([set.meets(marks), set.meets(others)]).toEqual([true, false]);
  });
});
