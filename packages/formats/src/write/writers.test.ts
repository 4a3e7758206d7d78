import { parseBundle, type StixObject, tlpMarkingId } from "@suar/stix";
import { describe, expect, test } from "vitest";
import { BLOCKLISTS, bodyOf, EVIL, FACTS, ID, item, lines, NOW, written } from "../testing/export-fixture.ts";
import { writers } from "../writers.ts";
import { ItemFormat } from "./export-format.ts";
import type { ExportItem } from "./writer.ts";

const VALUE_OF: Readonly<Record<string, string>> = {
  ipv4: "[ipv4-addr:value = '192.0.2.1']",
  ipv6: "[ipv6-addr:value = '2001:db8::1']",
  url: "[url:value = 'http://evil.example/']",
  email: "[email-addr:value = 'a@evil.example']",
};

describe("a blocklist", () => {
  test("knows which formats are such", () => {
    expect(ItemFormat.options.filter((format) => !writers[format].isBlocklist)).toEqual([
      "stix",
      "csv",
      "atom",
      "csaf",
      "csaf-2.1",
    ]);
  });

  test.each([
    ["one value", EVIL, ["evil.example"]],
    [
      "several by OR",
      "[domain-name:value = 'a.example' OR domain-name:value = 'b.example']",
      ["a.example", "b.example"],
    ],
    [
      "observations by OR",
      "[domain-name:value = 'a.example'] OR [domain-name:value = 'b.example']",
      ["a.example", "b.example"],
    ],
    ["a set", "[domain-name:value IN ('a.example', 'b.example')]", ["a.example", "b.example"]],
    ["alternatives that are no value", "[domain-name:value = 'a.example' OR file:name = 'x']", ["a.example"]],
    ["AND", "[domain-name:value = 'a.example' AND file:name = 'x']", []],
    ["NOT", "[domain-name:value NOT = 'a.example']", []],
    ["!=", "[domain-name:value != 'a.example']", []],
    ["LIKE", "[domain-name:value LIKE '%.example']", []],
    ["AND of observations", "[domain-name:value = 'a.example'] AND [file:name = 'x']", []],
    ["a qualifier", "[domain-name:value = 'a.example'] REPEATS 5 TIMES", []],
    ["FOLLOWEDBY", "[domain-name:value = 'a.example'] FOLLOWEDBY [file:name = 'x']", []],
    ["who resolves to it", "[domain-name:resolves_to_refs[*].value = '192.0.2.1']", []],
    ["what is no pattern", "[", []],
  ])("takes of a pattern with %s what matches by itself", (_name, pattern, values) => {
    expect(bodyOf("list-domain", item(pattern))).toEqual(values);
    expect(bodyOf("list-ipv4", item(pattern))).toEqual([]);
  });

  test("does not take the host of a URL for what is bad", () => {
    expect(bodyOf("list-domain", item("[url:value = 'http://shop.example/x']"))).toEqual([]);
    expect(bodyOf("list-url", item("[url:value = 'http://shop.example/x']"))).toEqual([
      "http://shop.example/x",
    ]);
  });

  test.each<[string, Partial<StixObject>, Partial<ExportItem>]>([
    ["of PAP:RED by its label", { labels: ["PAP:RED"] }, {}],
    ["of PAP:AMBER by a label in other letters", { labels: ["x", " pap=amber"] }, {}],
    ["of PAP:AMBER by its release alone", {}, { pap: "amber" }],
    ["of a PAP that nobody knows", { labels: ["PAP:MAUVE"] }, {}],
    ["that was revoked", { revoked: true }, {}],
    ["that is over at this instant", { valid_until: "2026-06-01T00:00:00Z" }, {}],
    ["that has not begun", { valid_from: "2026-06-01T00:00:00.001Z" }, {}],
    ["whose end cannot be read", { valid_until: "soon" }, {}],
    ["that is benign", { indicator_types: ["benign"] }, {}],
    ["that is benign in other letters", { indicator_types: ["malicious-activity", " Benign"] }, {}],
    ["in another language", { pattern_type: "suricata" }, {}],
    ["that is none, but a domain that was seen", { type: "domain-name", value: "evil.example" }, {}],
  ])("holds no indicator %s", (_name, object, more) => {
    for (const format of BLOCKLISTS) {
      const text = written(format, [item(EVIL, object, more)]);
      expect(text, format).not.toContain("evil");
    }
  });

  test("holds it as long as it is valid, and where PAP allows to act", () => {
    const valid = { valid_until: "2026-06-01T00:00:00.001Z", labels: ["PAP:GREEN"] };
    expect(bodyOf("list-domain", item(EVIL, valid, { pap: "clear" }))).toEqual(["evil.example"]);
  });

  test("leaves out what is on a warning list, and tells of how much, and what else it cannot hold", () => {
    const warnedOf = ({ value }: { value: string }) => (value === "evil.example" ? "Mine" : undefined);
    expect(bodyOf("list-domain", item(EVIL), { warnedOf })).toEqual([]);
    const writer = writers["list-domain"].open({ now: NOW, exercise: undefined, warnedOf });
    expect(writer.write(item("[domain-name:value LIKE 'x']"))).toEqual({ text: "", leftOut: 1, keptOut: [] });
    expect(writer.write(item(EVIL))).toEqual({ text: "", leftOut: 0, keptOut: ["Mine"] });
    const keptOutBy = new Map([
      ["Another", 1],
      ["Mine", 2],
    ]);
    expect(writer.header({ ...FACTS, leftOut: 3, keptOut: 3, keptOutBy })).toBe(
      "# Suar export, TLP:AMBER, made for MY:port\n# 1 indicators, the last logged at 2026-05-01T00:00:00.000001Z\n# 3 more that this format cannot hold are not in it\n# 3 values are on warning lists, and not in it\n#   2 on Mine\n#   1 on Another\n",
    );
  });

  test("takes no certificate's hash for a file's", () => {
    const both =
      "[x509-certificate:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427f' OR file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']";
    expect(bodyOf("list-md5", item(both))).toEqual(["d41d8cd98f00b204e9800998ecf8427e"]);
    expect(bodyOf("zeek", item(both))).toHaveLength(1);
  });

  test("says a value once, whoever states it", () => {
    expect(lines(written("list-domain", [item(EVIL), item(EVIL, {}, { producer: "TH", seq: 9 })]))).toEqual([
      "evil.example",
    ]);
  });
});

describe("each format, as its consumer reads it", () => {
  const many =
    "[domain-name:value = 'evil.example' OR ipv4-addr:value = '192.0.2.1' OR ipv4-addr:value = '198.51.100.0/24' OR ipv6-addr:value = '2001:db8::1' OR url:value = 'http://evil.example/a?b=c;d' OR email-addr:value = 'a@evil.example' OR file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']";
  test.each<[ItemFormat, string[]]>([
    ["list-ipv4", ["192.0.2.1", "198.51.100.0/24"]],
    ["list-ipv6", ["2001:db8::1"]],
    ["list-email", ["a@evil.example"]],
    ["list-md5", ["d41d8cd98f00b204e9800998ecf8427e"]],
    ["hosts", ["0.0.0.0 evil.example"]],
    [
      "rpz",
      [
        "$TTL 300",
        "@ IN SOA localhost. root.localhost. 7 300 60 86400 300",
        "@ IN NS localhost.",
        "evil.example CNAME .",
        "*.evil.example CNAME .",
        "32.1.2.0.192.rpz-ip CNAME .",
        "24.0.100.51.198.rpz-ip CNAME .",
        "128.1.zz.db8.2001.rpz-ip CNAME .",
      ],
    ],
    [
      "snort",
      [
        `alert udp $HOME_NET any -> any 53 (msg:"Suar SG ${ID} TLP:GREEN"; content:"|04|evil|07|example|00|"; nocase; sid:3000320; rev:1;)`,
        `alert ip $HOME_NET any -> [192.0.2.1] any (msg:"Suar SG ${ID} TLP:GREEN"; sid:3000322; rev:1;)`,
        `alert ip $HOME_NET any -> [198.51.100.0/24] any (msg:"Suar SG ${ID} TLP:GREEN"; sid:3000324; rev:1;)`,
        `alert ip $HOME_NET any -> [2001:db8::1] any (msg:"Suar SG ${ID} TLP:GREEN"; sid:3000326; rev:1;)`,
      ],
    ],
    [
      "zeek",
      [
        `evil.example\tIntel::DOMAIN\tSuar SG\t${ID} TLP:GREEN`,
        `192.0.2.1\tIntel::ADDR\tSuar SG\t${ID} TLP:GREEN`,
        `198.51.100.0/24\tIntel::SUBNET\tSuar SG\t${ID} TLP:GREEN`,
        `2001:db8::1\tIntel::ADDR\tSuar SG\t${ID} TLP:GREEN`,
        `evil.example/a?b=c;d\tIntel::URL\tSuar SG\t${ID} TLP:GREEN`,
        `a@evil.example\tIntel::EMAIL\tSuar SG\t${ID} TLP:GREEN`,
        `d41d8cd98f00b204e9800998ecf8427e\tIntel::FILE_HASH\tSuar SG\t${ID} TLP:GREEN`,
      ],
    ],
  ])("%s", (format, expected) => {
    expect(bodyOf(format, item(many))).toEqual(expected);
  });

  test("suricata: a domain by DNS and TLS, a URL by host and path, and every number once", () => {
    const rules = bodyOf("suricata", item(many));
    expect(rules[0]).toBe(
      `alert dns $HOME_NET any -> any any (msg:"Suar SG ${ID} TLP:GREEN"; dns.query; dotprefix; content:".evil.example"; nocase; endswith; sid:3000320; rev:1;)`,
    );
    expect(rules.at(-1)).toContain(
      'http.host; content:"evil.example"; bsize:12; http.uri.raw; content:"/a|3F|b|3D|c|3B|d"; bsize:8; sid:',
    );
    const sids = rules.map((rule) => /sid:(\d+);/.exec(rule)?.[1]);
    expect(new Set(sids).size).toBe(6);
  });

  test("suricata: a URL with a port is looked for at that port", () => {
    const [rule = ""] = bodyOf("suricata", item("[url:value = 'http://evil.example:8080/a']"));
    expect(rule).toMatch(/^alert http \$HOME_NET any -> any 8080 \(.* content:"evil\.example"; bsize:12; /);
  });

  test.each(ItemFormat.options)("%s says of a drill that it is one, before all else", (format) => {
    const kind = format.slice("list-".length);
    const pattern = VALUE_OF[kind] ?? EVIL;
    const real = written(format, [item(pattern)]);
    const drill = written(format, [item(pattern)], { exercise: "drill_rope" });
    expect(real).not.toContain("EXERCISE");
    const expected: Partial<Record<ItemFormat, RegExp>> = {
      stix: /^\S+"objects":\[\n\{"type":"marking-definition"\S+"definition":\{"statement":"EXERCISE drill_rope"\}\},\n/,
      csv: /^[^\n]*,exercise\r\nindicator,.*,EXERCISE drill_rope\r\n$/,
      atom: /<title>EXERCISE drill_rope: Suar<\/title>[\s\S]*<rights>EXERCISE drill_rope: TLP/,
      csaf: /^README\.txt[\s\S]{502}# EXERCISE drill_rope\n/,
      "csaf-2.1": /^README\.txt[\s\S]{502}# EXERCISE drill_rope\n/,
      rpz: /^; EXERCISE drill_rope\n/,
      suricata: /^# EXERCISE drill_rope\n[\s\S]*\(msg:"EXERCISE drill_rope Suar SG /,
      snort: /^# EXERCISE drill_rope\n[\s\S]*\(msg:"EXERCISE drill_rope Suar SG /,
      sigma: /^\{"title":"EXERCISE drill_rope: SG: /,
      zeek: /^# EXERCISE drill_rope\n[\s\S]*\tEXERCISE drill_rope Suar SG\t/,
    };
    expect(drill).toMatch(expected[format] ?? /^# EXERCISE drill_rope\n/);
  });

  test("a drill's bundle is valid, also where it holds nothing", () => {
    for (const items of [[], [item(EVIL)]]) {
      const bundle = JSON.parse(written("stix", items, { exercise: "drill_rope" }));
      expect(parseBundle(bundle)).toMatchObject({ ok: true });
      expect(bundle.objects[0].definition).toEqual({ statement: "EXERCISE drill_rope" });
    }
  });

  test("a STIX bundle is valid, with the definitions of its markings, also where it holds nothing", () => {
    const bundle = JSON.parse(
      written("stix", [
        item(EVIL),
        item(EVIL, { revoked: true }),
        item("[", { valid_until: "2026-01-02T00:00:00Z" }),
      ]),
    );
    const read = parseBundle(bundle);
    expect(read.ok).toBe(true);
    expect(bundle.objects.map(({ id }: StixObject) => id)).toEqual([
      tlpMarkingId("green"),
      tlpMarkingId("amber"),
      ID,
    ]);
    expect(parseBundle(JSON.parse(written("stix", [])))).toMatchObject({ ok: true });
  });
});

describe("what is over for its reader", () => {
  const both = "[domain-name:value = 'evil.example' OR ipv4-addr:value = '198.51.100.7']";

  test.each(BLOCKLISTS)("is not in %s, kind by kind", (format) => {
    const over = item(both, {}, { isOver: (kind, now) => kind === "ipv4" && now === NOW });
    expect(written(format, [over])).toBe(written(format, [item(EVIL)]));
    expect(bodyOf(format, item(both, {}, { isOver: () => true }))).toEqual(
      bodyOf(format, item(both, { revoked: true })),
    );
  });
});
