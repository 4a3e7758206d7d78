import { describe, expect, it } from "vitest";
import { collect, objectsOf, valuesOf } from "../testing/collect-drafts.ts";
import { INCIDENT_EXTENSION } from "./incident-drafts.ts";
import { incidentReportJsonSchema } from "./incident-report.ts";
import { incidentReader } from "./read-incident.ts";
import { RSIT, RSIT_CLASSES } from "./rsit.ts";

const report = {
  title: "Ransomware at a water utility",
  narrative: "Operators lost sight of two pumping stations.",
  rsit: { class: "malicious-code", type: "infected-system" },
  severity: "high",
  severityScore: 72,
  occurred: "2026-03-01T02:10:00+08:00",
  detected: "2026-03-01T06:40:00+08:00",
  affected: { countries: ["SG", "MY"], sectors: ["water"] },
  helpWanted: [{ action: "take-down", note: "The server is in another country" }],
  indicators: [
    "hxxp://c2[.]example/gate",
    { value: "192.0.2.10", kind: "ip", note: "beacon" },
    "CVE-2026-0001",
  ],
  tlp: "amber",
  to: ["MY", "TH"],
  language: "en",
};

describe("the incident reader", () => {
  it("makes an incident with the report's own fields in one extension", async () => {
    const collected = await collect(incidentReader, report);
    const [incident] = objectsOf(collected, "incident");
    expect(incident).toMatchObject({
      name: report.title,
      description: report.narrative,
      lang: "en",
      labels: ['rsit:malicious-code="infected-system"', "severity:high", "sector:water"],
    });
    expect(incident?.extensions).toEqual({
      [INCIDENT_EXTENSION]: {
        extension_type: "property-extension",
        severity: "high",
        severity_score: 72,
        occurred: "2026-03-01T02:10:00+08:00",
        detected: "2026-03-01T06:40:00+08:00",
        affected: report.affected,
        rsit: report.rsit,
        help_wanted: report.helpWanted,
      },
    });
  });

  it("ties an indicator and an observable of each value to the incident", async () => {
    const collected = await collect(incidentReader, report);
    expect(valuesOf(collected)).toEqual([
      "url hxxp://c2[.]example/gate",
      "url hxxp://c2[.]example/gate",
      "ipv4 192.0.2.10",
      "ipv4 192.0.2.10",
      "cve CVE-2026-0001",
    ]);
    const [incident] = collected.drafts;
    const ties = objectsOf(collected, "relationship");
    expect(ties).toHaveLength(5);
    for (const { source_ref, target_ref } of ties)
      expect([source_ref, target_ref]).toContain(incident?.local);
  });

  it("puts the report's marking and audience on every draft", async () => {
    const { drafts } = await collect(incidentReader, report);
    for (const draft of drafts) expect(draft).toMatchObject({ marking: { tlp: "amber" }, to: ["MY", "TH"] });
  });

  it("refuses a value that is none, and keeps the rest", async () => {
    const { rejects, drafts } = await collect(incidentReader, {
      ...report,
      indicators: ["banana", "192.0.2.1"],
    });
    expect(rejects).toEqual([
      expect.objectContaining({ index: 1, at: "/indicators/0", code: "not-an-indicator" }),
    ]);
    expect(rejects[0]).toMatchObject({ marking: { tlp: "amber" }, raw: "banana" });
    expect(drafts.length).toBeGreaterThan(1);
  });

  it("names a report by its reference, else by all that it says", async () => {
    const local = async (more: object): Promise<string | undefined> =>
      (await collect(incidentReader, { ...report, ...more })).drafts[0]?.local;
    expect(await local({})).toBe(await local({}));
    expect(await local({ narrative: "Other" })).not.toBe(await local({}));
    expect(await local({ reference: "C-1", narrative: "Other" })).toBe(await local({ reference: "C-1" }));
  });

  it.each([
    ["/narrative", { narrative: "What happened\n\nTLP:RED\n" }],
    ["/indicators/1", { indicators: ["192.0.2.1", { value: "192.0.2.2", note: "TLP:RED" }] }],
    ["/helpWanted", { helpWanted: "Marking: TLP:RED" }],
  ])("takes a line of its texts that is nothing but a label for the whole: %s", async (at, more) => {
    expect((await collect(incidentReader, { ...report, ...more })).markings).toEqual([{ tlp: "red", at }]);
    const unknown = JSON.parse(JSON.stringify({ ...report, ...more }).replaceAll("TLP:RED", "TLP:MAUVE"));
    await expect(collect(incidentReader, unknown)).rejects.toMatchObject({ code: "unknown-marking", at });
  });

  it.each([
    ["an unknown field", { colour: "red" }, "/"],
    ["a time without its offset", { occurred: "2026-03-01T02:10:00" }, "/occurred"],
    ["a type of another class", { rsit: { class: "fraud", type: "ddos" } }, "/rsit/type"],
    ["a country's name", { affected: { countries: ["Singapore"] } }, "/affected/countries/0"],
    ["no title", { title: " " }, "/title"],
    ["an unknown TLP", { tlp: "purple" }, "/tlp"],
    ["a severity in words of its own", { severity: "bad" }, "/severity"],
  ])("refuses %s and says where", async (_name, more, at) => {
    await expect(collect(incidentReader, { ...report, ...more })).rejects.toMatchObject({
      code: "bad-report",
      at,
    });
  });

  it("publishes its schema", () => {
    const schema = incidentReportJsonSchema();
    expect(schema.required).toEqual(["title", "narrative"]);
    expect(schema.additionalProperties).toBe(false);
  });

  it("knows the 11 classes and 39 types of RSIT", () => {
    expect(RSIT_CLASSES).toHaveLength(11);
    expect(Object.values(RSIT).flatMap(({ types }) => Object.keys(types))).toHaveLength(39);
  });
});
