import { valuesAlone } from "@suar/stix";
import { describe, expect, test } from "vitest";
import { bodyOf, item, NOW } from "../../testing/export-fixture.ts";
import { builtInListOf } from "../../warning/built-in-lists.ts";
import { writers } from "../../writers.ts";

const PLACES = {
  ipv4: "ipv4-addr:value",
  ipv6: "ipv6-addr:value",
  domain: "domain-name:value",
  url: "url:value",
} as const;

function isAdmitted(place: keyof typeof PLACES, text: string): boolean {
  const found = valuesAlone(`[${PLACES[place]} = '${text}']`);
  const [value] = found.isPlain ? found.values : [];
  if (value === undefined) throw new Error(`${text} is no value`);
  return builtInListOf(value) === undefined;
}

describe("a blocklist takes from nobody", () => {
  test.each([
    // Special purposes, and what overlaps them.
    "127.0.0.1",
    "0.0.0.0",
    "10.0.0.0/8",
    "10.20.0.0/16",
    "192.168.0.0/16",
    "192.168.1.1",
    "172.31.255.255",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.0.0/23",
    "198.18.0.0/16",
    "224.0.0.0/8",
    "239.255.255.250",
    "255.255.255.255",
    // Public resolvers and root servers, and networks that hold one.
    "8.8.8.8",
    "8.8.8.0/24",
    "114.114.114.114",
    "193.0.14.129",
    // Wider than anybody means.
    "203.0.0.0/15",
    "0.0.0.0/0",
  ])("%s", (text) => expect(isAdmitted("ipv4", text)).toBe(false));

  test.each([
    "::1",
    "::",
    "::/0",
    "2000::/16",
    "2000::/3",
    "2001:4000::/31",
    "::ffff:0.0.0.0/96",
    "::ffff:198.51.100.1",
    "64:ff9b::/96",
    "fe80::1",
    "fd00::/32",
    "ff02::fb",
    "2001:0:53aa::1",
    "2002:c000:201::1",
    "2606:4700:4700::1111",
    "2001:4860::/32",
  ])("%s", (text) => expect(isAdmitted("ipv6", text)).toBe(false));

  test.each([
    "gov.sg",
    "co.th",
    "go.id",
    "gov.cn",
    "xn--55qx5d.cn",
    "github.io",
    "www.localhost",
    "printer.local",
    "db.internal",
    "1.0.0.127.in-addr.arpa",
    "router.home.arpa",
    "nas.lan",
    "dev.test",
    "x.invalid",
  ])("%s", (text) => expect(isAdmitted("domain", text)).toBe(false));

  test.each([
    "http://127.0.0.1/x",
    "http://[::1]:8080/",
    "http://[::ffff:10.0.0.1]/",
    "http://router.lan/x",
    "ftp://10.1.1.1/",
  ])("%s", (text) => expect(isAdmitted("url", text)).toBe(false));
});

test.each(["sg", "localhost"])(
  "a blocklist takes from nobody %s, which is no domain to STIX's reader either",
  (value) => {
    expect(builtInListOf({ kind: "domain", value })).toBeDefined();
  },
);

describe("a blocklist takes what is one party's", () => {
  test.each<[keyof typeof PLACES, string]>([
    ["domain", "evil.gov.sg"],
    ["domain", "evil.github.io"],
    ["domain", "evil.example"],
    ["domain", "expyuzz4wqqyqhjn.onion"],
    ["domain", "notlocal.example.net"],
    ["ipv4", "203.0.113.9"],
    ["ipv4", "8.8.9.0/24"],
    ["ipv4", "45.83.0.0/16"],
    ["ipv6", "2001:db8::1"],
    ["ipv6", "2400:cb00::/32"],
    ["url", "http://gov.sg/hacked/by.php"],
    ["url", "http://203.0.113.9:8080/x"],
    ["url", "https://[2001:db8::1]/x"],
  ])("%s %s", (place, text) => expect(isAdmitted(place, text)).toBe(true));
});

test("what it does not take it counts, where the format knows the kind, and the rest of the indicator is in it", () => {
  const pattern =
    "[domain-name:value = 'gov.sg' OR domain-name:value = 'evil.example' OR ipv4-addr:value = '127.0.0.1' OR ipv4-addr:value = '192.0.2.1']";
  expect(bodyOf("list-domain", item(pattern))).toEqual(["evil.example"]);
  expect(bodyOf("list-ipv4", item(pattern))).toEqual(["192.0.2.1"]);
  const keptOut = (format: "list-domain" | "rpz" | "list-url") =>
    writers[format].open({ now: NOW, exercise: undefined }).write(item(pattern)).keptOut.length;
  expect([keptOut("list-domain"), keptOut("rpz"), keptOut("list-url")]).toEqual([1, 2, 0]);
});

test("whoever has no list of its own is kept from what none may hold", () => {
  expect(bodyOf("list-ipv4", item("[ipv4-addr:value = '10.0.0.1']"), { warnedOf: () => undefined })).toEqual(
    [],
  );
});

test.each([
  "rpz-ip",
  "rpz-client-ip",
  "rpz-nsdname",
  "rpz-nsip",
  "rpz-passthru",
  "rpz-drop",
  "rpz-tcp-only",
  "rpz-of-tomorrow",
])("no domain becomes a trigger of a zone: %s", (label) => {
  const names = [
    `32.1.2.0.192.${label}`,
    `${label}.example`,
    `a.${label}.example`,
    `a.${label.toUpperCase()}`,
  ];
  for (const name of names) {
    const one = item(`[domain-name:value = '${name}']`);
    expect(bodyOf("rpz", one).slice(3), name).toEqual([]);
    const writer = writers.rpz.open({ now: NOW, exercise: undefined });
    expect(writer.write(one), name).toEqual({ text: "", leftOut: 1, keptOut: [] });
  }
  expect(bodyOf("rpz", item(`[domain-name:value = 'x${label}.example']`)).slice(3)).toHaveLength(2);
});
