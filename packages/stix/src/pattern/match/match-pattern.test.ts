import { describe, expect, test } from "vitest";
import { AT, FILE, idsOf, seen } from "../../testing/observed-fixture.ts";

describe("one comparison", () => {
  test.each([
    ["file:size = 1024", true],
    ["file:size = 1024.0", true],
    ["file:size != 1024", false],
    ["file:size NOT != 1024", true],
    ["file:size > 1023.5 AND file:size <= 1024", true],
    ["file:size NOT > 1023", false],
    ["file:size = '1024'", false],
    ["file:size != '1024'", true],
    ["file:size > '1'", false],
    ["file:size NOT > '1'", false],
    ["file:x_flag = true", true],
    ["file:x_flag != false", true],
    ["file:x_flag = 1", false],
    ["file:absent = 1", false],
    ["file:absent != 1", false],
    ["file:absent NOT = 1", false],
    ["file:absent NOT IN (1)", false],
    ["file:absent NOT LIKE '%'", false],
    ["EXISTS file:size", true],
    ["EXISTS file:absent", false],
    ["NOT EXISTS file:absent", true],
    ["NOT EXISTS file:size", false],
    ["NOT EXISTS url:absent", false],
    ["file:hashes.MD5 IN ('x', '79054025255fb1a26e4bc422aef54eb4')", true],
    ["file:hashes.'SHA-256' NOT IN ('bb', 'cc')", true],
    ["file:name < 'd' AND file:name > 'caf'", true],
    ["file:name LIKE 'caf_.%'", true],
    ["file:name LIKE 'cafe\u0301.exe'", true],
    ["file:name = 'cafe\u0301.exe'", false],
    ["file:name LIKE 'CAF%'", false],
    ["file:name LIKE 'caf'", false],
    ["file:name NOT LIKE '%dll'", true],
    ["file:size LIKE '%'", false],
    ["file:name MATCHES '\\\\.exe$'", true],
    ["file:name MATCHES 'cafe\u0301'", true],
    ["file:name MATCHES '^exe'", false],
    ["file:x_list[1] = 'three'", true],
    ["file:x_list[0] = 'three'", false],
    ["file:x_list[2] = 'three'", false],
    ["file:x_list[*] = 3 AND file:x_list[*] = 'three'", true],
    ["file:x_list = 3", false],
    ["file:extensions.'windows-pebinary-ext'.sections[*].entropy > 7.5", true],
    ["file:extensions.'windows-pebinary-ext'.sections[0].entropy > 7.5", false],
    ["file:created = t'2024-01-01T00:00:00.1Z'", true],
    ["file:created < t'2024-01-01T00:00:00.11Z'", true],
    ["file:created = '2024-01-01T00:00:00.1Z'", false],
    ["file:name = t'2024-01-01T00:00:00.1Z'", false],
    ["file:name != t'2024-01-01T00:00:00.1Z'", true],
    ["file:payload_bin = 'hello'", true],
    ["file:payload_bin = b'aGVsbG8='", true],
    ["file:payload_bin = h'68656c6c6f'", true],
    ["file:payload_bin > 'helln' AND file:payload_bin < b'aGVsbG8A'", true],
    ["file:payload_bin = '\u4f60'", false],
    ["file:payload_bin MATCHES '^h.*o$'", true],
    ["file:payload_bin LIKE 'h%o'", true],
    ["file:payload_bin LIKE 'aGV%'", false],
    ["file:payload_bin = b'aGVs\nbG8='", true],
    ["file:magic_hex = h'504B0304'", true],
    ["file:magic_hex MATCHES '^PK'", true],
    ["file:magic_hex = '504b0304'", false],
    ["file:name = h'636166e92e657865'", true],
    ["url:value = 'x' OR file:size = 1024", true],
  ])("%s", (comparison, expected) => {
    expect(idsOf(`[${comparison}]`, [seen(1, [0, 0], [FILE])])).toEqual(expected ? ["1"] : undefined);
  });

  test("dots in regular expressions are line ends, too", () => {
    const text = { type: "x-text", value: "one\ntwo" };
    expect(idsOf("[x-text:value MATCHES 'one.two']", [seen(1, [0, 0], [text])])).toEqual(["1"]);
    expect(idsOf("[x-text:value LIKE 'one%two']", [seen(1, [0, 0], [text])])).toEqual(["1"]);
  });

  test("texts are ordered by code points", () => {
    const text = { type: "x-text", value: "\u{1f600}" };
    expect(idsOf("[x-text:value > '\uffee']", [seen(1, [0, 0], [text])])).toEqual(["1"]);
  });

  test.each([
    ["198.51.100.7", "ISSUBSET '198.51.100.0/24'", true],
    ["198.51.100.7", "ISSUBSET '198.51.100.7'", true],
    ["198.51.101.7", "ISSUBSET '198.51.100.0/24'", false],
    ["198.51.100.0/25", "ISSUBSET '198.51.100.0/24'", true],
    ["198.51.100.0/23", "ISSUBSET '198.51.100.0/24'", false],
    ["198.51.100.0/24", "ISSUPERSET '198.51.100.9'", true],
    ["198.51.100.0/24", "NOT ISSUPERSET '198.51.101.9'", true],
    ["2001:db8::1", "ISSUBSET '2001:db8::/32'", true],
    ["2001:db9::1", "ISSUBSET '2001:db8::/32'", false],
    ["198.51.100.7", "ISSUBSET '::/0'", false],
    ["no address", "ISSUBSET '0.0.0.0/0'", false],
  ])("%s %s", (value, operation, expected) => {
    const address = { type: "ipv4-addr", value };
    const found = idsOf(`[ipv4-addr:value ${operation}]`, [seen(1, [0, 0], [address])]);
    expect(found).toEqual(expected ? ["1"] : undefined);
  });
});

describe("one observation", () => {
  const dropped = [
    { type: "file", name: "a", size: 1 },
    { type: "file", name: "b", size: 2 },
  ];

  test("AND is about one object, OR about any", () => {
    const observed = [seen(1, [0, 0], dropped)];
    expect(idsOf("[file:name = 'a' AND file:size = 1]", observed)).toEqual(["1"]);
    expect(idsOf("[file:name = 'a' AND file:size = 2]", observed)).toBeUndefined();
    expect(idsOf("[file:name = 'c' OR file:size = 2]", observed)).toEqual(["1"]);
  });

  test("references lead to objects that the same observation shows, and to no others", () => {
    const traffic = {
      type: "network-traffic",
      id: "t",
      dst_ref: "ip",
      encapsulates_refs: ["inner"],
      protocols: ["tcp"],
    };
    const ip = { type: "ipv4-addr", id: "ip", value: "198.51.100.7", resolves_to_refs: ["mac"] };
    const mac = { type: "mac-addr", id: "mac", value: "02:00:00:00:00:01" };
    const all = seen(1, [0, 0], [traffic, ip, mac]);
    expect(idsOf("[network-traffic:dst_ref.value = '198.51.100.7']", [all])).toEqual(["1"]);
    expect(
      idsOf("[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref = 'ip']", [all]),
    ).toEqual(["1"]);
    expect(idsOf("[network-traffic:dst_ref.resolves_to_refs[*].value LIKE '02%']", [all])).toEqual(["1"]);
    expect(idsOf("[EXISTS network-traffic:encapsulates_refs[0].protocols]", [all])).toBeUndefined();
    const hidden = seen(2, [0, 0], [traffic]);
    expect(idsOf("[network-traffic:dst_ref.value = '198.51.100.7']", [hidden, ip])).toBeUndefined();
  });

  test("may have its objects embedded, or beside it in a list", () => {
    const times = { first_observed: AT(0), last_observed: AT(0), number_observed: 1 };
    const embedded = { type: "observed-data", id: "observed-data--1", ...times, objects: { "0": FILE } };
    const beside = { type: "observed-data", id: "observed-data--2", ...times, object_refs: ["file--1"] };
    expect(idsOf("[file:size = 1024]", [embedded])).toEqual(["1"]);
    expect(idsOf("[file:size = 1024]", [beside, { ...FILE, id: "file--1" }])).toEqual(["2"]);
  });

  test("needs its times", () => {
    const untimed = { type: "observed-data", id: "observed-data--1", objects: { "0": FILE } };
    expect(idsOf("[file:size = 1024]", [untimed])).toMatch(/first_observed/);
  });
});

describe("several observations", () => {
  const file = (name: string) => ({ type: "file", name });
  const [a, b, c] = [
    seen(1, [0, 0], [file("a")]),
    seen(2, [5, 5], [file("b")]),
    seen(3, [10, 10], [file("c")]),
  ];
  const ab = "[file:name = 'a'] AND [file:name = 'b']";
  const any = "[file:name LIKE '_']";

  test.each([
    [ab, ["1", "2"]],
    ["[file:name = 'a'] AND [file:name = 'a']", undefined],
    ["[file:name = 'x'] OR [file:name = 'b']", ["2"]],
    ["[file:name = 'a'] FOLLOWEDBY [file:name = 'b'] FOLLOWEDBY [file:name = 'c']", ["1", "2", "3"]],
    ["[file:name = 'b'] FOLLOWEDBY [file:name = 'a']", undefined],
    ["([file:name = 'c'] AND [file:name = 'a']) FOLLOWEDBY [file:name = 'b']", undefined],
    [`${any} AND ${any} AND ${any}`, ["1", "2", "3"]],
    [`${any} AND ${any} AND ${any} AND ${any}`, undefined],
    [`${any} REPEATS 3 TIMES`, ["1", "2", "3"]],
    [`${any} REPEATS 4 TIMES`, undefined],
    [`${any} REPEATS 2 TIMES AND [file:name = 'a']`, ["1", "2", "3"]],
    [`(${ab}) REPEATS 2 TIMES`, undefined],
    [`(${ab}) WITHIN 5 SECONDS`, undefined],
    [`(${ab}) WITHIN 5.001 SECONDS`, ["1", "2"]],
    [`${any} REPEATS 3 TIMES WITHIN 11 SECONDS`, ["1", "2", "3"]],
    [`${any} REPEATS 3 TIMES WITHIN 10 SECONDS`, undefined],
    [`${any} REPEATS 2 TIMES WITHIN 6 SECONDS AND [file:name = 'a']`, ["1", "2", "3"]],
    ["[file:name = 'b'] START t'2024-05-01T10:00:05Z' STOP t'2024-05-01T10:00:06Z'", ["2"]],
    ["[file:name = 'b'] START t'2024-05-01T10:00:04Z' STOP t'2024-05-01T10:00:05Z'", undefined],
    ["[file:name = 'b'] START t'2024-05-01T10:00:06Z' STOP t'2024-05-01T10:00:04Z'", undefined],
    [`(${ab}) START t'2024-05-01T10:00:00Z' STOP t'2024-05-01T10:00:05Z'`, undefined],
    [`(${ab}) START t'2024-05-01T10:00:00Z' STOP t'2024-05-01T10:00:05.000001Z'`, ["1", "2"]],
  ])("%s", (pattern, expected) => {
    expect(idsOf(pattern, [c, a, b])).toEqual(expected);
  });

  test("one that was observed several times counts as often", () => {
    const thrice = seen(1, [0, 0], [file("a")], 3);
    expect(idsOf("[file:name = 'a'] REPEATS 3 TIMES", [thrice])).toEqual(["1"]);
    expect(idsOf("[file:name = 'a'] REPEATS 4 TIMES", [thrice])).toBeUndefined();
    expect(
      idsOf("[file:name = 'a'] AND [file:name = 'a'] REPEATS 2 TIMES WITHIN 1 SECONDS", [thrice]),
    ).toEqual(["1"]);
    const often = seen(1, [0, 0], [file("a")], 999_999_999);
    expect(idsOf("[file:name = 'a'] REPEATS 999999999 TIMES", [often])).toEqual(["1"]);
  });

  test("a span means some time within it", () => {
    const [early, late] = [seen(1, [0, 20], [file("a")]), seen(2, [10, 30], [file("b")])];
    expect(idsOf("[file:name = 'b'] FOLLOWEDBY [file:name = 'a']", [early, late])).toEqual(["1", "2"]);
    expect(idsOf("([file:name = 'a'] AND [file:name = 'b']) WITHIN 1 SECONDS", [early, late])).toEqual([
      "1",
      "2",
    ]);
    expect(
      idsOf("[file:name = 'a'] START t'2024-05-01T10:00:20Z' STOP t'2024-05-01T10:00:40Z'", [early]),
    ).toEqual(["1"]);
  });
});
