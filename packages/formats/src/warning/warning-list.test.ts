import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compileList } from "./compile-list.ts";
import { LookedUp } from "./looked-up.ts";
import { MOST_OF_LIST, readWarningList, type WarningList } from "./warning-list.ts";

type Value = LookedUp["value"];
const FIXTURES = join(import.meta.dirname, "fixtures");
const bytesOf = (list: unknown): Buffer => Buffer.from(JSON.stringify(list));

function readFixture(name: string): WarningList {
  const read = readWarningList(readFileSync(join(FIXTURES, `${name}.json`)));
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.list;
}

async function holds(list: WarningList, value: Value): Promise<boolean> {
  const { compiled, faults } = await compileList(list);
  expect(faults.told).toEqual([]);
  return compiled.kinds.has(value.kind) && compiled.holds(new LookedUp(value));
}

describe.each<[string, Value["kind"], readonly string[], readonly string[]]>([
  [
    "public-resolvers",
    "ipv4",
    ["198.51.100.53", "203.0.113.0", "203.0.113.7"],
    ["198.51.100.54", "203.0.113.8", "192.0.2.1"],
  ],
  ["public-resolvers", "cidr4", ["198.51.100.0/24", "203.0.113.4/31", "203.0.112.0/20"], ["203.0.113.8/29"]],
  ["public-resolvers", "ipv6", ["2001:db8::53", "2001:db8:53:1::9"], ["2001:db8::54", "2001:db8:54::"]],
  ["public-resolvers", "cidr6", ["2001:db8::/32", "2001:db8:53:ff::/64"], ["2001:db8:54::/48"]],
  [
    "public-resolvers",
    "url",
    ["http://198.51.100.53/x", "http://[2001:db8::53]:8080/"],
    ["http://a.example/"],
  ],
  ["public-resolvers", "domain", [], ["198.51.100.53.example"]],
  [
    "well-known-sites",
    "domain",
    [
      "example.com",
      "a.b.example.com",
      "below.example.net",
      "x.below.example.net",
      "xn--bcher-kva.example",
      "www.xn--bcher-kva.example",
      "dotted.example.org",
    ],
    ["notexample.com", "example.com.evil.example", "example.net", "com"],
  ],
  ["well-known-sites", "url", ["https://www.example.com/a?b"], ["https://evil.example/www.example.com"]],
  ["well-known-sites", "email", ["a@mail.example.com"], ["example.com@evil.example"]],
  ["empty-files", "md5", ["d41d8cd98f00b204e9800998ecf8427e"], ["d41d8cd98f00b204e9800998ecf8427f"]],
  ["empty-files", "url", ["https://example.com/"], ["https://example.com/x"]],
  ["empty-files", "ipv6", ["2001:db8::1"], ["2001:db8::2"]],
  ["empty-files", "asn", ["64496"], ["64497"]],
  ["empty-files", "domain", [], ["example.com"]],
  [
    "parked",
    "domain",
    ["x.parked-by.example", "ushers.example", "xn--ber-rent-55a.example"],
    ["parked.example"],
  ],
  ["parked", "filename", ["Parked-By.exe"], ["parked.exe"]],
  [
    "local-numbers",
    "domain",
    ["host-12.example", "srvab.example.net", "plain.example.org"],
    ["a.host-12.example"],
  ],
])("%s, of kind %s", (name, kind, on, off) => {
  test.each(on)("holds %s", async (value) =>
    expect(await holds(readFixture(name), { kind, value })).toBe(true),
  );
  test.each(off)("not %s", async (value) =>
    expect(await holds(readFixture(name), { kind, value })).toBe(false),
  );
});

test("every fixture is read", () => {
  const names = readdirSync(FIXTURES).map((file) => readFixture(file.replace(".json", "")).name);
  expect(new Set(names).size).toBe(5);
});

test("case of a registrar's expression counts where it has no flag for it", async () => {
  const list = readFixture("local-numbers");
  expect(await holds(list, { kind: "filename", value: "HOST-1.txt" })).toBe(true);
  expect(await holds(list, { kind: "filename", value: "PLAIN.EXAMPLE.ORG" })).toBe(false);
});

describe("what is no list is told by its place, and nothing of it is taken", () => {
  const good = { name: "n", version: 1, description: "", type: "string", list: ["a"] };
  test.each<[string, object, string]>([
    ["a list", [], ""],
    ["no entries", { ...good, list: [] }, "/list"],
    ["an entry that is a number", { ...good, list: ["a", 5] }, "/list/1"],
    ["entries in a text", { ...good, list: "a" }, "/list"],
    ["no name", { ...good, name: " " }, "/name"],
    ["a name of two lines", { ...good, name: "a\nb" }, "/name"],
    ["a name that is shown backwards", { ...good, name: "a\u202eb" }, "/name"],
    ["a name of a built-in list", { ...good, name: "Suar: public suffixes" }, "/name"],
    ["a version before the first", { ...good, version: -1 }, "/version"],
    ["a version in words", { ...good, version: "1" }, "/version"],
    ["a type that there is none of", { ...good, type: "glob" }, "/type"],
    ["attributes in a text", { ...good, matching_attributes: "ALL" }, "/matching_attributes"],
  ])("%s", (_it, list, path) => {
    const read = readWarningList(bytesOf(list));
    expect(read.ok ? [] : read.faults.map((one) => one.path)).toContain(path);
  });

  test.each<[string, Buffer, string]>([
    ["what breaks off", bytesOf(good).subarray(0, 20), "malformed-json"],
    ["what is nested without end", Buffer.from("[".repeat(100)), "too-deep"],
    ["what has a prototype for a key", Buffer.from('{"__proto__":{}}'), "forbidden-key"],
    ["another encoding", Buffer.from([0x7b, 0xff, 0x7d]), "malformed-utf8"],
    ["more than a list may have", Buffer.alloc(MOST_OF_LIST.bytes + 1, " "), "too-large"],
  ])("%s", (_it, bytes, code) =>
    expect(() => readWarningList(bytes)).toThrow(expect.objectContaining({ code })),
  );

  test.each<[WarningList["type"], string, RegExp]>([
    ["cidr", "0.0.0.0/0", /every address/],
    ["cidr", "::/0", /every address/],
    ["cidr", "10.0.0.0/33", /no network/],
    ["cidr", "10.1", /no network/],
    ["cidr", "0x0a.1.2.3", /no network/],
    ["cidr", "example.com", /no network/],
    ["hostname", "https://example.com/", /No name/],
    ["hostname", "*", /No name/],
    ["hostname", ".", /No name/],
    ["hostname", "a..b", /No name/],
    ["string", "  ", /Nothing/],
    ["string", "a\u0000b", /NUL/],
    ["substring", "x".repeat(2_001), /Longer/],
    ["regex", "(a)\\1", /linear time/],
    ["regex", "a(?=b)", /linear time/],
    ["regex", "(", /linear time/],
    ["regex", "/a/e", /Flags/],
    ["regex", ".*", /everything/],
    ["regex", "a|", /everything/],
    ["regex", "x{1000}y{1000}z{1000}", /more than a list may have/],
  ])("an entry of %s: %s", async (type, entry, why) => {
    const { faults } = await compileList({
      ...good,
      type,
      matching_attributes: [],
      list: ["ok.example", entry].slice(type === "cidr" ? 1 : 0),
    });
    expect(faults.inAll).toBe(1);
    expect(faults.told[0]?.message).toMatch(why);
  });

  test("the first twenty of them, and how many there are", async () => {
    const list = Array.from({ length: 1_000 }, () => "no address");
    const { faults } = await compileList({ ...good, type: "cidr", matching_attributes: [], list });
    expect([faults.inAll, faults.told.length, faults.told[19]?.path]).toEqual([1_000, 20, "/list/19"]);
  });
});

test("what holds more than its author may mean is taken, and told", async () => {
  const of = async (type: WarningList["type"], list: string[], matching_attributes: string[] = []) =>
    (await compileList({ name: "n", version: 1, description: "", type, matching_attributes, list })).notes
      .told;
  expect(await of("cidr", ["10.0.0.0/8", "0.0.0.0/1", "2000::/3"])).toMatchObject([
    { path: "/list/1" },
    { path: "/list/2" },
  ]);
  expect(await of("hostname", ["a.com", "com"])).toMatchObject([{ path: "/list/1", code: "wide" }]);
  expect(await of("substring", ["abc", "ab"])).toMatchObject([{ path: "/list/1", code: "wide" }]);
  expect(await of("string", ["a"], ["text"])).toMatchObject([{ code: "no-kind" }]);
  expect(await of("cidr", ["10.0.0.0/8"], ["md5"])).toMatchObject([{ code: "no-kind" }]);
});

test("expressions that would need to go back over a text are matched in time", async () => {
  const list = ["(x+x+)+y$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){11}b"];
  const { compiled, faults } = await compileList({
    name: "n",
    version: 1,
    description: "",
    type: "regex",
    matching_attributes: [],
    list,
  });
  expect(faults.told).toEqual([]);
  const began = performance.now();
  for (let n = 0; n < 50; n++)
    compiled.holds(new LookedUp({ kind: "url", value: `http://a.example/${"xa".repeat(8_000)}${n}` }));
  expect(performance.now() - began).toBeLessThan(5_000);
});
