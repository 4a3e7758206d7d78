import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StixObject } from "@suar/stix";
import { expect, test } from "vitest";
import { rpzWriter } from "./write-rpz.ts";

const CHECKER = "named-checkzone";
const isThere = spawnSync(CHECKER, ["-v"]).error === undefined;
if (!isThere && process.env.CI === "true") throw new Error(`${CHECKER} has to be there`);

const VALUES = [
  "domain-name:value = 'evil.example'",
  "domain-name:value = '_dmarc.xn--bcher-kva.example'",
  "domain-name:value = '32.1.2.0.192.rpz-ip'",
  "domain-name:value = 'www.example.rpz-passthru.example'",
  `domain-name:value = '${`${"a".repeat(60)}.`.repeat(3)}example'`,
  `domain-name:value = '${`${"a".repeat(60)}.`.repeat(4)}example'`,
  "ipv4-addr:value = '192.0.2.1'",
  "ipv4-addr:value = '198.51.100.0/24'",
  "ipv6-addr:value = '2001:db8::1'",
  "ipv6-addr:value = '2001:db8:1::'",
  "ipv6-addr:value = '2001:db8::'",
  "ipv6-addr:value = '2001:db8::1:0:0:1'",
  "ipv6-addr:value = '2001:db8:1:2:3:4:5:6'",
  "ipv6-addr:value = '2001:db8::/32'",
];

test.skipIf(!isThere)("BIND takes the zone, and knows all of it", () => {
  const writer = rpzWriter.open({ now: Date.now(), exercise: undefined });
  const pattern = `[${VALUES.join(" OR ")}]`;
  const object = {
    type: "indicator",
    id: "indicator--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701",
    pattern,
    pattern_type: "stix",
  };
  const at = "2026-05-01T00:00:00.000001Z";
  const item = {
    object: object as StixObject,
    body: "",
    tlp: "green",
    pap: undefined,
    producer: "SG",
    seq: 5,
    at,
  } as const;
  // Stated twice, and forgotten in between: the same lines again.
  const [first, again] = [
    writer.write(item),
    rpzWriter.open({ now: Date.now(), exercise: undefined }).write(item),
  ];
  const facts = {
    madeFor: "SG",
    tlps: [],
    paps: [],
    written: 1,
    leftOut: 0,
    keptOut: 0,
    keptOutBy: new Map(),
    asOf: at,
    serial: 4_294_967_295,
    id: "",
    exercise: undefined,
  };
  const folder = mkdtempSync(join(tmpdir(), "suar-rpz-"));
  const file = join(folder, "zone");
  writeFileSync(file, `${writer.header(facts)}${first.text}${again.text}`);
  const { status, stdout } = spawnSync(CHECKER, ["-D", "-i", "none", "a-long-name-of.rpz.example", file], {
    encoding: "utf8",
  });
  rmSync(folder, { recursive: true });
  expect({ status, stdout: status === 0 ? "" : stdout }).toEqual({ status: 0, stdout: "" });
  expect(stdout).toContain(" 4294967295 300 60 86400 300");
  expect([first.leftOut, first.keptOut], "one name is too long, and two are triggers").toEqual([3, []]);
  // Three domains by two lines each, eight addresses and networks.
  expect(stdout.match(/CNAME\s+\./g)).toHaveLength(3 * 2 + 8);
});
