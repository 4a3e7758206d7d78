import { describe, expect, it } from "vitest";
import { chooseReader } from "../readers.ts";
import { collect, objectsOf, valuesOf } from "../testing/collect-drafts.ts";
import { faultsOf } from "../testing/validated.ts";
import { matchReport } from "./match-report.ts";
import { shadowserverReader } from "./read-shadowserver.ts";
import { REPORT_KINDS } from "./reports.ts";

const columnsOf = (name: string): readonly string[] =>
  REPORT_KINDS.find((kind) => kind.name === name)?.columns ?? [];

/** A report with these cells in its rows, by the schema's header or by another. */
function report(name: string, rows: readonly Record<string, string>[], header = columnsOf(name)): string {
  const line = (cells: readonly string[]): string => cells.map((cell) => `"${cell}"`).join(",");
  return [header, ...rows.map((row) => header.map((column) => row[column] ?? ""))].map(line).join("\n");
}

const mongodb = {
  timestamp: "2026-01-02 03:04:05",
  severity: "high",
  ip: "192.0.2.1",
  protocol: "tcp",
  port: "27017",
  hostname: "db.example.com",
  tag: "mongodb;CVE-2025-14847",
  asn: "64496",
  geo: "SG",
};
const sinkhole = {
  timestamp: "2026-01-02T03:04:05Z",
  protocol: "tcp",
  src_ip: "192.0.2.7",
  src_port: "5000",
  dst_ip: "198.51.100.1",
  dst_port: "80",
  infection: "mirai",
  severity: "critical",
};

describe("shadowserverReader", () => {
  it("says anew what rows name in each unit, and the incident once", async () => {
    const rows = Array.from({ length: 2_300 }, (_, n) => ({ ...mongodb, port: String(1 + n) }));
    const found = await collect(shadowserverReader, report("scan_mongodb", rows));
    const [incident, ...others] = found.drafts.filter(
      (draft) => draft.kind === "object" && draft.object.type === "incident",
    );
    expect(others).toEqual([]);
    expect(found.units).toEqual([[incident?.local], [incident?.local]]);
    expect(valuesOf(found).filter((value) => value === "ipv4 192.0.2.1")).toHaveLength(3);
  });

  it.each(REPORT_KINDS.map(({ name, columns }) => [name, columns] as const))(
    "knows the header of %s",
    (name, columns) => {
      const head = `${columns.map((column) => `"${column}"`).join(",")}\n`;
      expect(chooseReader({ head })).toMatchObject({ ok: true, reader: { name: "shadowserver" } });
      expect(matchReport(columns)).toMatchObject({ added: [], missing: [], renamed: [] });
      expect(matchReport(columns)?.kinds.map((kind) => kind.name)).toContain(name);
    },
  );

  it.each([
    "timestamp,value,type\n",
    "timestamp,ip\n",
    "timestamp,ip,port,protocol,description,reporter\n",
    "a,b,c\n",
  ])("leaves %s to others", (head) =>
    expect(chooseReader({ head })).not.toMatchObject({ reader: { name: "shadowserver" } }),
  );

  it("reads a scan: what was seen, when, how bad, under the report's class", async () => {
    const collected = await collect(shadowserverReader, report("scan_mongodb", [mongodb]), { step: 37 });
    expect(faultsOf(collected)).toEqual([]);
    expect(valuesOf(collected)).toEqual([
      "ipv4 192.0.2.1",
      "domain db.example.com",
      "asn 64496",
      "cve CVE-2025-14847",
    ]);
    expect(collected.drafts.every((draft) => draft.kind === "object" || draft.as === "observable")).toBe(
      true,
    );
    const [observed] = objectsOf(collected, "observed-data");
    expect(observed).toMatchObject({ first_observed: "2026-01-02T03:04:05.000Z", number_observed: 1 });
    expect(observed?.object_refs).toHaveLength(4);
    expect(observed?.labels).toEqual(
      expect.arrayContaining(['rsit:vulnerable="vulnerable-system"', "severity:high", "mongodb", "geo:SG"]),
    );
    expect(objectsOf(collected, "network-traffic")).toEqual([
      expect.objectContaining({ dst_port: 27017, protocols: ["ipv4", "tcp"] }),
    ]);
    const [incident] = objectsOf(collected, "incident");
    expect(Object.values(incident?.extensions as object)[0]).toMatchObject({
      rsit: { class: "vulnerable", type: "vulnerable-system" },
    });
    // Who runs what can be attacked is called a victim's, and so stays within the border.
    const relationships = objectsOf(collected, "relationship").map(
      ({ relationship_type }) => relationship_type,
    );
    expect(relationships).toEqual(["impacts", "related-to"]);
  });

  it("reads an event: the infected is the victim, the sinkhole is not", async () => {
    const collected = await collect(shadowserverReader, report("event4_sinkhole", [sinkhole, sinkhole]));
    expect(faultsOf(collected)).toEqual([]);
    expect(objectsOf(collected, "malware")).toEqual([
      expect.objectContaining({ name: "mirai", is_family: true }),
    ]);
    const victim = collected.drafts.find(
      (draft) => draft.kind === "value" && draft.value.raw === "192.0.2.7",
    )?.local;
    const impacts = objectsOf(collected, "relationship").filter(
      ({ relationship_type }) => relationship_type === "impacts",
    );
    expect(impacts.map(({ target_ref }) => target_ref)).toEqual([victim]);
  });

  it.each([
    ["source", { source: "another" }],
    ["reason", { reason: "another" }],
    ["tag", { tag: "another" }],
    ["severity", { severity: "low" }],
    ["port", { port: "1" }],
  ])("takes two rows that differ in their %s for two observations", async (_name, other) => {
    const row = { ...mongodb, source: "a", reason: "b" };
    const header = [...columnsOf("scan_mongodb"), "source", "reason"];
    const collected = await collect(shadowserverReader, report("", [row, { ...row, ...other }, row], header));
    expect(objectsOf(collected, "observed-data")).toHaveLength(2);
  });

  it("reads networks, which nothing connects to", async () => {
    const rows = ["198.51.100.0/24", "2001:db8::/32"].map((ip) => ({
      timestamp: "2026-01-02 03:04:05",
      ip,
      asn: "64496",
      source: "x",
      reason: "y",
    }));
    const collected = await collect(shadowserverReader, report("blocklist", rows));
    expect(faultsOf(collected)).toEqual([]);
    expect(valuesOf(collected)).toEqual(["cidr4 198.51.100.0/24", "asn 64496", "cidr6 2001:db8::/32"]);
    expect(objectsOf(collected, "observed-data")).toHaveLength(2);
    expect(objectsOf(collected, "network-traffic")).toEqual([]);
  });

  it("tells of each cell that is none of its column's kind", async () => {
    const rows = ["1.0", "x"].map((port) => ({ ...mongodb, port }));
    const { losses } = await collect(shadowserverReader, report("scan_mongodb", rows));
    expect(
      losses.filter(({ field }) => field === "port").map(({ at, reason }) => `${at}: ${reason}`),
    ).toEqual(["line 2: No port: 1.0", "line 3: No port: x"]);
  });

  it.each(["event4_honeypot_brute_force", "event4_honeypot_darknet"])(
    "calls nobody a victim in a report of attackers: %s",
    async (name) => {
      const row = { timestamp: "2026-01-02 03:04:05", src_ip: "192.0.2.9", severity: "medium" };
      const collected = await collect(shadowserverReader, report(name, [row]));
      expect(objectsOf(collected, "observed-data")).toHaveLength(1);
      expect(objectsOf(collected, "relationship")).toEqual([]);
    },
  );

  it("tells of columns that came, went and were renamed, once each, and reads on", async () => {
    const header = columnsOf("scan_mongodb")
      .filter((column) => column !== "sysinfo")
      .map((column) => (column === "hostname" ? "host_name" : column));
    const text = report(
      "",
      [{ ...mongodb, host_name: "db.example.com", new_column: "x" }],
      [...header, "new_column"],
    );
    const collected = await collect(shadowserverReader, text);
    const told = collected.losses.map(({ field, reason }) => `${field}: ${reason}`);
    expect(told).toContain("new_column: A column that the report's schema does not have");
    expect(told).toContain("sysinfo: A column of the report's schema that is missing here");
    expect(told).toContain("host_name: Read as hostname, in whose place it stands");
    expect(valuesOf(collected)).toContain("domain db.example.com");
  });

  it("says which reports a header may be of, and gives no class that they do not share", async () => {
    const row = { timestamp: "2026-01-02 03:04:05", ip: "192.0.2.1", severity: "low" };
    const collected = await collect(shadowserverReader, report("scan_imap", [row]));
    expect(collected.losses[0]?.reason).toMatch(
      /^Several reports have these columns: .*scan_imap.*scan_pop3/,
    );
    expect(JSON.stringify(collected.drafts)).not.toContain("rsit:");
  });

  it.each([
    ["no time", { ...mongodb, timestamp: "yesterday" }, "no-timestamp"],
    ["nothing seen", { timestamp: "2026-01-02 03:04:05", severity: "low" }, "not-an-indicator"],
    ["no address where it has one", { ...mongodb, ip: "999.1.1.1" }, "bad-value"],
    ["an unknown marking", { ...mongodb, tag: "TLP:PURPLE" }, "unknown-marking"],
  ])("rejects a row with %s and takes the others", async (_name, bad, code) => {
    const { rejects, drafts } = await collect(shadowserverReader, report("scan_mongodb", [bad, mongodb]));
    expect(rejects.map(({ at, ...reject }) => [reject.code, at])).toEqual([[code, "line 2"]]);
    expect(drafts.some(({ at }) => at === "line 3")).toBe(true);
  });

  it("keeps a row's own marking, and that of a line above the table", async () => {
    const text = `# TLP:AMBER\n${report("scan_mongodb", [
      { ...mongodb, tag: "mongodb;tlp:red" },
      { ...mongodb, ip: "192.0.2.2" },
    ])}`;
    const { drafts, markings } = await collect(shadowserverReader, text);
    expect(markings).toEqual([{ tlp: "amber", at: "line 1" }]);
    const marked = (at: string) =>
      drafts.filter((draft) => draft.at === at).map(({ marking }) => marking?.tlp);
    expect(new Set(marked("line 3"))).toEqual(new Set(["red"]));
    expect(new Set(marked("line 4"))).toEqual(new Set([undefined]));
  });

  it("refuses a table of other columns that is said to be a report", async () => {
    await expect(collect(shadowserverReader, "a,b\n1,2\n")).rejects.toMatchObject({
      code: "bad-header",
      at: "line 1",
    });
    await expect(collect(shadowserverReader, report("scan_mongodb", []))).rejects.toMatchObject({
      code: "empty",
    });
  });
});
