import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { item, lines, written } from "../testing/export-fixture.ts";

const CHECKER = "suricata";
const isThere = spawnSync(CHECKER, ["-V"]).error === undefined;
if (!isThere && process.env.CI === "true") throw new Error(`${CHECKER} has to be there`);

/** What an address of a page holds, and the bytes of its request line that a browser writes of it. */
const PATHS: readonly [path: string, content: string, bytes: number][] = [
  ["/a%20b", "/a|25|20b", 6],
  ["/ü", "/|25|C3|25|BC", 7],
  ["/中?q=文", "/|25|E4|25|B8|25|AD|3F|q|3D||25|E6|25|96|25|87", 22],
  ["/a;b,c:d", "/a|3B|b|2C|c|3A|d", 8],
  ["/%22;sid:1;", "/|25|22|3B|sid|3A|1|3B|", 11],
  ["/a|3B|b", "/a|7C|3B|7C|b", 7],
  ["/!not$(x)&y=[z]", "/|21|not|24||28|x|29||26|y|3D||5B|z|5D|", 15],
  ["?only=query#part", "/|3F|only|3D|query", 12],
];
const rulesOf = (value: string): string[] => lines(written("suricata", [item(`[${value}]`)]));
const url = (text: string): string => `url:value = '${text}'`;

test.each(PATHS)("of %s the bytes of the request are looked for, and of its size", (path, content, bytes) => {
  const [rule, ...more] = rulesOf(url(`http://evil.example${path}`));
  expect(more).toEqual([]);
  expect(rule).toContain(
    `http.host; content:"evil.example"; bsize:12; http.uri.raw; content:"${content}"; bsize:${bytes}; `,
  );
});

const VALUES = [
  "domain-name:value = 'evil.example'",
  "domain-name:value = '_dmarc.xn--bcher-kva.example'",
  `domain-name:value = '${`${"a".repeat(60)}.`.repeat(4)}example'`,
  "ipv4-addr:value = '198.51.100.7'",
  "ipv4-addr:value = '198.51.100.0/24'",
  "ipv6-addr:value = '2001:db8::1'",
  "ipv6-addr:value = '2001:db8::/32'",
  url("http://evil.example:8080/"),
  url("http://[2001:db8::7]/x"),
  url("http://EVIL.example/Upper"),
  url(`http://evil.example/${"x".repeat(254)}`),
  ...PATHS.map(([path]) => url(`http://evil.example${path}`)),
];

/** Of Suricata's own configuration only what a rule refers to: what it says of the machine is not what is tested. */
const CONFIGURATION = `%YAML 1.1
---
vars:
  address-groups:
    HOME_NET: "[192.0.2.0/24]"
    EXTERNAL_NET: "!$HOME_NET"
classification-file: /dev/null
reference-config-file: /dev/null
threshold-file: /dev/null
app-layer:
  protocols:
    http:
      enabled: yes
    dns:
      udp:
        enabled: yes
        detection-ports:
          dp: 53
      tcp:
        enabled: yes
        detection-ports:
          dp: 53
    tls:
      enabled: yes
`;

/** What Suricata says to rules: nothing but a warning or an error counts. */
function check(rules: string): { status: number | null; told: string[]; loaded: string | undefined } {
  const folder = mkdtempSync(join(tmpdir(), "suar-rules-"));
  const [configuration, file] = [join(folder, "suricata.yaml"), join(folder, "suar.rules")];
  writeFileSync(configuration, CONFIGURATION);
  writeFileSync(file, rules);
  const parameters = ["-T", "-v", "-c", configuration, "-S", file, "-l", folder];
  const { status, stdout, stderr } = spawnSync(CHECKER, parameters, { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  const told = `${stdout}${stderr}`.split("\n");
  return {
    status,
    told: told.filter((line) => /^(?:W|E|Warning|Error): detect/.test(line)),
    loaded: /(\d+) rules successfully loaded, 0 rules failed/.exec(told.join("\n"))?.[1],
  };
}

test.skipIf(!isThere)("Suricata takes every rule", () => {
  const text = written(
    "suricata",
    VALUES.map((value, seq) => item(`[${value}]`, {}, { seq })),
  );
  const expected = String(lines(text).length);
  expect(check(text)).toEqual({ status: 0, told: [], loaded: expected });
});

test.skipIf(!isThere)("Suricata refuses what is no rule, so that it is heard", () => {
  const text = written("suricata", [item(`[${VALUES[0]}]`)]);
  const { status, told } = check(text.replace("content:", "contents:"));
  expect(status).toBe(1);
  expect(told).not.toEqual([]);
});
