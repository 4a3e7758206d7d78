import { expect, test } from "vitest";
import { EVIL, ID, item, lines, written } from "../testing/export-fixture.ts";

type Rule = {
  title: string;
  id: string;
  tags: string[];
  level: string;
  logsource: Record<string, string>;
  detection: { selection: unknown; condition: string };
};

const rulesOf = (...args: Parameters<typeof item>): Rule[] =>
  lines(written("sigma", [item(...args)])).map((line) => JSON.parse(line) as Rule);

test("an indicator is a rule by Sigma's specification, written out by hand", () => {
  const object = {
    name: "Evil host",
    description: "C2 of a campaign",
    confidence: 85,
    kill_chain_phases: [{ kill_chain_name: "mitre-attack", phase_name: "command-and-control" }],
    external_references: [
      { source_name: "mitre-attack", external_id: "T1071.004" },
      { source_name: "cve", external_id: "CVE-2024-1234" },
      { source_name: "report", url: "https://report.example/1" },
    ],
    labels: ['misp-galaxy:mitre-attack-pattern="Phishing - T1566"'],
  };
  const [rule] = rulesOf(EVIL, object, { tlp: "amber+strict" });
  expect(rule).toEqual({
    title: "SG: Evil host",
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    status: "experimental",
    description: "C2 of a campaign",
    references: ["https://report.example/1"],
    author: "SG",
    date: "2026-01-01",
    modified: "2026-01-01",
    tags: [
      "attack.command-and-control",
      "attack.t1071.004",
      "attack.t1566",
      "cve.2024-1234",
      "tlp.amber-strict",
    ],
    logsource: { category: "dns" },
    detection: {
      selection: [{ query: "evil.example" }, { "query|endswith": ".evil.example" }],
      condition: "selection",
    },
    falsepositives: ["unknown"],
    level: "high",
    indicator: ID,
  });
});

test.each<[string, Record<string, string>, unknown]>([
  ["[ipv4-addr:value = '192.0.2.1']", { category: "firewall" }, { dst_ip: "192.0.2.1" }],
  ["[ipv6-addr:value = '2001:db8::/32']", { category: "firewall" }, { "dst_ip|cidr": "2001:db8::/32" }],
  [
    "[url:value = 'http://evil.example/a?b=*']",
    { category: "proxy" },
    { "c-uri": "http://evil.example/a\\?b=\\*" },
  ],
  [
    "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']",
    { category: "process_creation", product: "windows" },
    { md5: "d41d8cd98f00b204e9800998ecf8427e" },
  ],
  [
    "[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\Software\\\\Evil']",
    { category: "registry_event", product: "windows" },
    { "TargetObject|contains": "\\\\Software\\\\Evil" },
  ],
])(
  "%s is looked for where Sigma's taxonomy has it, and its signs are no wildcards",
  (pattern, logsource, selection) => {
    const [rule] = rulesOf(pattern);
    expect(rule).toMatchObject({
      logsource,
      detection: { selection, condition: "selection" },
      level: "medium",
    });
  },
);

test("each value has a rule of its own with an id that stays, and what Sigma has no log for is left out", () => {
  const pattern = "[domain-name:value = 'a.example' OR ipv4-addr:value = '192.0.2.1' OR mutex:name = 'x']";
  const [first, again] = [rulesOf(pattern), rulesOf(pattern)];
  expect(first.map(({ logsource }) => logsource.category)).toEqual(["dns", "firewall"]);
  expect(new Set(first.map(({ id }) => id)).size).toBe(2);
  expect(again.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
});

test("nothing that a stranger wrote is a tag that Sigma does not have", () => {
  const phase = { kill_chain_name: "mitre-attack", phase_name: "Initial Access\n- x" };
  const [rule] = rulesOf(EVIL, { kill_chain_phases: [phase], name: `${"x".repeat(300)}\u0000"` });
  expect(rule?.tags).toEqual(["tlp.green"]);
  expect(rule?.title.length).toBe(256);
});
