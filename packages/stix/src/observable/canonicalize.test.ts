import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalize } from "./canonicalize.ts";
import { classifyValue } from "./classify-value.ts";
import { ObservableKind } from "./observable-kind.ts";

const ACCEPTED: readonly (readonly [ObservableKind, string, string])[] = [
  ["domain", "Evil.Example.", "evil.example"],
  ["domain", "bücher.example", "xn--bcher-kva.example"],
  ["domain", "例え。テスト", "xn--r8jz45g.xn--zckzah"],
  ["domain", "_dmarc.evil.example", "_dmarc.evil.example"],
  ["ipv4", "198.51.100.3/32", "198.51.100.3"],
  ["ipv6", "2001:DB8::1/128", "2001:db8::1"],
  ["ipv4", "198.51.100.3", "198.51.100.3"],
  ["ipv6", "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["ipv6", "0:0:0:0:0:0:0:0", "::"],
  ["ipv6", "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["ipv6", "::ffff:c633:6403", "::ffff:198.51.100.3"],
  ["ipv6", "64:ff9b::198.51.100.3", "64:ff9b::c633:6403"],
  ["cidr4", "198.51.100.77/25", "198.51.100.0/25"],
  ["cidr4", "255.255.255.255/0", "0.0.0.0/0"],
  ["cidr4", "198.51.100.77/32", "198.51.100.77/32"],
  ["cidr6", "2001:db8:ffff::1/33", "2001:db8:8000::/33"],
  ["url", "HTTP://Evil.Example:80/a/../b?q=1#Top", "http://evil.example/b?q=1#Top"],
  ["url", "https://evil.example./", "https://evil.example/"],
  ["url", "https://bücher.example", "https://xn--bcher-kva.example/"],
  ["url", "http://0x7f.1/", "http://127.0.0.1/"],
  ["url", "tcp://Evil.Example:4444", "tcp://evil.example:4444"],
  ["url", "evil.example/login.php", "http://evil.example/login.php"],
  ["email", "Some.One+tag@Evil.Example", "some.one+tag@evil.example"],
  ["md5", "D41D8CD98F00B204E9800998ECF8427E", "d41d8cd98f00b204e9800998ecf8427e"],
  [
    "ssdeep",
    "96:s4Ud1Lj96tHHlZDrwciQmA+4uy1I0G4HYuL8N3TzS8QsO/wqWXLcMSx:sF1LjEtHHlZDrJzrhuyZvHYm8tKp/RWO",
    "96:s4Ud1Lj96tHHlZDrwciQmA+4uy1I0G4HYuL8N3TzS8QsO/wqWXLcMSx:sF1LjEtHHlZDrJzrhuyZvHYm8tKp/RWO",
  ],
  ["cve", "cve-2021-44228", "CVE-2021-44228"],
  ["btc", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"],
  ["btc", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"],
  ["btc", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"],
  [
    "btc",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
  ],
  ["mac", "D2-FB-49-24-37-18", "d2:fb:49:24:37:18"],
  ["mac", "d2fb.4924.3718", "d2:fb:49:24:37:18"],
  ["asn", "AS13335", "13335"],
  ["asn", "1.10", "65546"],
  ["filename", " invoice.pdf.exe ", "invoice.pdf.exe"],
  ["mutex", "Global\\Durian", "Global\\Durian"],
  ["regkey", "hklm\\Software\\Run\\", "HKEY_LOCAL_MACHINE\\Software\\Run"],
  ["user-agent", "Mozilla/5.0 (X)", "Mozilla/5.0 (X)"],
];

test.each(ACCEPTED)("%s: %s is %s", (kind, raw, value) => {
  expect(canonicalize(kind, raw)).toEqual({ ok: true, value });
});

test.each<[ObservableKind, string, string]>([
  ["domain", "localhost", "not-domain"],
  ["domain", "a..example", "not-domain"],
  ["domain", "-a.example", "not-domain"],
  ["domain", "198.51.100.3", "not-domain"],
  ["domain", `${"a".repeat(64)}.example`, "not-domain"],
  ["domain", "evil example.com", "not-domain"],
  ["ipv4", "198.51.100.03", "not-ipv4"],
  ["ipv4", "198.51.100.256", "not-ipv4"],
  ["ipv4", "198.51.100", "not-ipv4"],
  ["ipv6", "1::2::3", "not-ipv6"],
  ["ipv6", "1:2:3:4:5:6:7", "not-ipv6"],
  ["ipv6", "1:2:3:4:5:6:7:8::", "not-ipv6"],
  ["ipv6", ":1:2:3:4:5:6:7", "not-ipv6"],
  ["ipv6", "fe80::1%eth0", "not-ipv6"],
  ["cidr4", "198.51.100.0/33", "not-cidr"],
  ["cidr4", "198.51.100.0/08", "not-cidr"],
  ["url", "mailto:a@b.example", "not-url"],
  ["url", "http://", "not-url"],
  ["url", "file:///etc/passwd", "no-host"],
  ["url", "http://a b.example/", "not-url"],
  ["email", "@evil.example", "not-email"],
  ["email", "a b@evil.example", "not-email"],
  ["sha1", "d41d8cd98f00b204e9800998ecf8427e", "not-hash"],
  ["md5", "g41d8cd98f00b204e9800998ecf8427e", "not-hash"],
  ["cve", "CVE-21-44228", "not-cve"],
  ["btc", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "not-btc"],
  ["btc", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "not-btc"],
  ["btc", "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", "not-btc"],
  ["btc", "bc1Qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "not-btc"],
  ["mac", "d2:fb-49:24:37:18", "not-mac"],
  ["asn", "AS4294967296", "not-asn"],
  ["regkey", "Software\\Run", "not-regkey"],
  ["filename", "a\u0000b", "not-name"],
  ["domain", "  ", "empty"],
  ["url", `http://a.example/${"a".repeat(20_000)}`, "too-long"],
])("%s: %j is refused as %#", (kind, raw, code) => {
  expect(canonicalize(kind, raw)).toMatchObject({ ok: false, code });
});

describe("canonicalizing twice", () => {
  const junk = fc.oneof(
    fc.string(),
    fc.string({ unit: "grapheme" }),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.domain(),
    fc.emailAddress(),
    fc.ipV4(),
    fc.ipV6(),
    fc.tuple(fc.ipV6(), fc.nat(140)).map(([address, bits]) => `${address}/${bits}`),
    fc.tuple(fc.ipV4(), fc.nat(40)).map(([address, bits]) => `${address}/${bits}`),
    fc.string({ unit: "grapheme" }).map((text) => `x${text}.example`),
    fc.string({ unit: "grapheme" }).map((text) => `http://${text}`),
    fc.string({ unit: "grapheme" }).map((text) => `tcp://A${text}`),
    fc.string({ unit: "grapheme" }).map((text) => `HKLM\\${text}`),
  );

  test.each(ObservableKind.options)("changes nothing for %s", (kind) => {
    fc.assert(
      fc.property(junk, (text) => {
        const once = canonicalize(kind, text);
        if (once.ok) expect(canonicalize(kind, once.value)).toEqual(once);
      }),
      { numRuns: 400 },
    );
  });

  test("changes no example", () => {
    for (const [kind, , value] of ACCEPTED) expect(canonicalize(kind, value)).toEqual({ ok: true, value });
  });
});

test.each<[string, ObservableKind | undefined]>([
  ["evil.example", "domain"],
  ["bücher.example", "domain"],
  ["198.51.100.3", "ipv4"],
  ["198.51.100.3/32", "ipv4"],
  ["2001:db8::1/128", "ipv6"],
  ["2001:db8::1", "ipv6"],
  ["::", "ipv6"],
  ["198.51.100.0/24", "cidr4"],
  ["2001:db8::/32", "cidr6"],
  ["https://evil.example/x", "url"],
  ["evil.example/x.php", "url"],
  ["a@evil.example", "email"],
  ["d41d8cd98f00b204e9800998ecf8427e", "md5"],
  ["a".repeat(40), "sha1"],
  ["a".repeat(64), "sha256"],
  ["a".repeat(128), "sha512"],
  ["3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C", "ssdeep"],
  ["CVE-2021-44228", "cve"],
  ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "btc"],
  ["d2:fb:49:24:37:18", "mac"],
  ["AS13335", "asn"],
  ["HKLM\\Software\\Run", "regkey"],
  ["curl/8.0.1", "user-agent"],
  ["evil.exe", "filename"],
  ["Invoice May 2024.pdf.exe", "filename"],
  ["hello", undefined],
  ["two words", undefined],
  ["198.51.100.300", undefined],
  ["13335", undefined],
  ["", undefined],
])("classifies %j as %s", (text, kind) => {
  expect(classifyValue(text)).toBe(kind);
});
