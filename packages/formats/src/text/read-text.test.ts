import { describe, expect, it } from "vitest";
import { collect, objectsOf, valuesOf } from "../testing/collect-drafts.ts";
import { textReader } from "./read-text.ts";

const md5 = "d41d8cd98f00b204e9800998ecf8427e";
const btc = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2";

describe("the text reader", () => {
  it.each([
    ["a URL", "see http://www.example.com/a?b=c#d.", ["url http://www.example.com/a?b=c#d"]],
    ["a defanged URL", "hxxps://evil[.]example[.]com/x", ["url https://evil.example.com/x"]],
    ["hxxp with brackets", "hxxp[:]//evil[.]example/x", ["url http://evil.example/x"]],
    ["a URL in brackets", "(http://example.com/a_(b))", ["url http://example.com/a_(b)"]],
    ["a domain", "The host c2.example.com answered.", ["domain c2.example.com"]],
    [
      "a defanged domain",
      "c2[.]example[dot]com and x(.)example(.)net",
      ["domain c2.example.com", "domain x.example.net"],
    ],
    ["an address", "from 192.0.2.1, then 198.51.100[.]7.", ["ipv4 192.0.2.1", "ipv4 198.51.100.7"]],
    ["a prefix", "all of 203.0.113.0/24 and 2001:db8::/32", ["cidr4 203.0.113.0/24", "cidr6 2001:db8::/32"]],
    ["an IPv6 address", "at 2001:db8::1:2.", ["ipv6 2001:db8::1:2"]],
    [
      "hashes",
      `${md5} ${"ab".repeat(20)} ${"cd".repeat(32)}`,
      [`md5 ${md5}`, `sha1 ${"ab".repeat(20)}`, `sha256 ${"cd".repeat(32)}`],
    ],
    [
      "a mailbox",
      "write to bad[@]example[.]com or x@example.org",
      ["email bad@example.com", "email x@example.org"],
    ],
    ["a CVE", "by CVE-2026-12345.", ["cve CVE-2026-12345"]],
    ["a bitcoin address", `pay ${btc} now`, [`btc ${btc}`]],
    [
      "a Chinese sentence",
      "攻击者使用域名 c2.example.com，地址 192.0.2.9。",
      ["domain c2.example.com", "ipv4 192.0.2.9"],
    ],
    ["a value after a colon", "C2:c2.example.com IP=192.0.2.3", ["domain c2.example.com", "ipv4 192.0.2.3"]],
  ])("finds %s", async (_name, text, values) => {
    expect(valuesOf(await collect(textReader, text))).toEqual(values);
  });

  it.each([
    ["file names", "report.pdf setup.exe archive.zip install.sh main.py lib.so notes.md index.html a.docx"],
    ["versions", "version 10.2.4.1 and v1.2.3.4 and 1.2.3"],
    ["times and ratios", "at 12:30:45, 10:00 and a::b"],
    ["a bitcoin address with a wrong checksum", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3"],
    ["addresses beyond 255", "300.1.1.1 and 1.2.3.4.5"],
    ["a full stop without its space", "It failed.It came back."],
    ["abbreviations", "e.g. this, i.e. that, etc."],
    ["hex of another length", "abcdef0123456789"],
    ["paths", "C:\\Windows\\system.ini /etc/example.conf"],
  ])("does not take %s for values", async (_name, text) => {
    expect(valuesOf(await collect(textReader, text))).toEqual([]);
  });

  it("takes a file's ending for a domain's when the writer shows that one is meant", async () => {
    expect(valuesOf(await collect(textReader, "evil[.]zip and www.bad.sh"))).toEqual([
      "domain evil.zip",
      "domain www.bad.sh",
    ]);
  });

  it("gives each value once, with its first line, and not again what stands within a URL", async () => {
    const collected = await collect(
      textReader,
      "http://example.com/a\n192.0.2.1\nHXXP://EXAMPLE.com/a 192[.]0[.]2[.]1\n",
    );
    expect(collected.drafts.map(({ index, at }) => [index, at])).toEqual([
      [0, "line 1"],
      [1, "line 2"],
    ]);
  });

  it("reads the same whatever the chunks", async () => {
    const text = "erste Zeile ü\nhxxp://example[.]com/ä\r\n192.0.2.1 und 192.0.2.2";
    const whole = await collect(textReader, text);
    for (const step of [1, 3, 10]) expect(await collect(textReader, text, { step })).toEqual(whole);
  });

  it("reads a line without an end in bounded pieces", async () => {
    const collected = await collect(textReader, "192.0.2.1 ".repeat(50_000), { step: 10_000 });
    expect(valuesOf(collected)).toEqual(["ipv4 192.0.2.1"]);
  });

  it("fills an incident with kind=incident, and keeps the narrative", async () => {
    const text = "\n# Phishing against ministries\n\nThe page hxxp://login[.]example/ asks for passwords.\n";
    const collected = await collect(textReader, text, { kind: "incident" });
    const [incident] = objectsOf(collected, "incident");
    expect(incident).toMatchObject({ name: "Phishing against ministries", description: text.trim() });
    expect(valuesOf(collected)).toEqual(["url http://login.example/", "url http://login.example/"]);
    expect(objectsOf(collected, "relationship")).toHaveLength(2);
  });

  it("refuses an incident without a word", async () => {
    await expect(collect(textReader, " \n ", { kind: "incident" })).rejects.toMatchObject({ code: "empty" });
  });

  it.each<["incident" | undefined]>([[undefined], ["incident"]])(
    "takes a line that is nothing but a label for the marking of the whole (kind=%s)",
    async (kind) => {
      const text =
        "TLP:GREEN\r\n# Report\nWe met under TLP:RED rules at c2.example.com\n\n> Marking: TLP:AMBER\nPAP:RED";
      const { markings } = await collect(textReader, text, kind && { kind });
      expect(markings).toEqual([
        { tlp: "green", at: "line 1" },
        { tlp: "amber", at: "line 5" },
        { pap: "red", at: "line 6" },
      ]);
      await expect(
        collect(textReader, "c2.example.com\nTLP: MAUVE\n", kind && { kind }),
      ).rejects.toMatchObject({
        code: "unknown-marking",
        at: "line 2",
      });
    },
  );

  it("does not call an incident by its marking, and reads markings behind the last value that it takes", async () => {
    const values = Array.from({ length: 10_500 }, (_, at) => `host${at}.example.com`).join("\n");
    const collected = await collect(textReader, `TLP:GREEN\n# Phishing\n${values}\nTLP:RED\n`, {
      kind: "incident",
    });
    expect(objectsOf(collected, "incident")[0]?.name).toBe("Phishing");
    expect(collected.markings.map(({ tlp }) => tlp)).toEqual(["green", "red"]);
  });
});

describe("what is no text", () => {
  it.each([
    ["nothing but blanks", Buffer.from(" \n\t\n"), "empty", "line 1"],
    ["nothing", Buffer.alloc(0), "empty", "line 1"],
    ["UTF-16 without its mark", Buffer.from("a\nb.example", "utf16le"), "malformed-utf8", "line 1"],
    ["a NUL", Buffer.from("a.example\nb\0.example\n"), "malformed-utf8", "line 2"],
  ])("is refused: %s", async (_name, input, code, at) => {
    await expect(collect(textReader, input)).rejects.toMatchObject({ code, at });
  });
});
