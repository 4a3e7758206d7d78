import { type StixObject, suarId } from "@suar/stix";
import { describe, expect, test } from "vitest";
import { mispReader } from "../../misp/read-misp.ts";
import { collect } from "../../testing/collect-drafts.ts";
import {
  eventsOf,
  id,
  indicator,
  item,
  only,
  relationship,
  report,
} from "../../testing/misp-event-fixture.ts";
import type { ExportItem } from "../writer.ts";

describe("an event of MISP (draft-dulaunoy-misp-core-format)", () => {
  test("is of a report and what it names: values, objects, clusters, sightings, words", () => {
    const domain = indicator(1, "[domain-name:value = 'evil.example']", {
      name: "evil.example",
      description: "C2",
      labels: ["botnet", "TLP:GREEN"],
      confidence: 70,
      valid_until: "2026-12-01T00:00:00Z",
    });
    const technique = item({
      type: "attack-pattern",
      id: id("attack-pattern", 2),
      name: "Phishing",
      external_references: [{ source_name: "mitre-attack", external_id: "T1566" }],
      kill_chain_phases: [{ kill_chain_name: "mitre-attack", phase_name: "initial-access" }],
    });
    const indicates = relationship(3, "indicates", domain, technique);
    const malware = item({ type: "malware", id: id("malware", 4), name: "Emotet", is_family: true });
    const file = item({
      type: "file",
      id: id("file", 5),
      name: "a.exe",
      size: 12,
      hashes: { MD5: "d41d8cd98f00b204e9800998ecf8427e" },
    });
    const ofFile = indicator(6, "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']", { name: "a.exe" });
    const sighting = item({
      type: "sighting",
      id: id("sighting", 7),
      sighting_of_ref: domain.object.id,
      last_seen: "2026-02-01T00:00:00Z",
      description: "sensor",
    });
    const items = [domain, technique, indicates, malware, file, ofFile, sighting];
    const whole = report(items, {
      labels: ["threat-level:high", "analysis:completed", "apt"],
      external_references: [
        { source_name: "link", url: "https://report.example/1", description: "the report" },
      ],
    });
    const event = only(eventsOf([...items, whole]));
    expect(event).toMatchObject({
      info: "A campaign",
      date: "2026-01-01",
      threat_level_id: "1",
      analysis: "2",
      published: true,
      distribution: "0",
      Orgc: { name: "SG", uuid: suarId("identity", "SG").slice("identity--".length) },
      Tag: [{ name: "tlp:green" }, { name: "apt" }, { name: 'misp-galaxy:stix-2.1-malware="Emotet"' }],
    });
    expect(event.Attribute.map(({ type, value, to_ids }) => [type, value, to_ids])).toEqual([
      ["domain", "evil.example", true],
      ["link", "https://report.example/1", false],
    ]);
    expect(event.Attribute[0]).toMatchObject({
      category: "Network activity",
      comment: "C2",
      distribution: "5",
      deleted: false,
      Tag: [
        { name: "botnet" },
        { name: 'admiralty-scale:information-credibility="2"' },
        { name: 'misp-galaxy:mitre-attack-pattern="Phishing - T1566"' },
      ],
      Sighting: [
        { type: "0", source: "sensor", date_sighting: "1769904000" },
        { type: "2", date_sighting: "1796083200" },
      ],
    });
    expect(event.Attribute[0]?.Galaxy).toEqual([
      {
        name: "Attack Pattern",
        type: "mitre-attack-pattern",
        description: "",
        GalaxyCluster: [
          {
            type: "mitre-attack-pattern",
            value: "Phishing - T1566",
            tag_name: 'misp-galaxy:mitre-attack-pattern="Phishing - T1566"',
            description: "",
            meta: { external_id: ["T1566"], kill_chain: ["mitre-attack:initial-access"] },
          },
        ],
      },
    ]);
    const object = only(event.Object);
    expect(object).toMatchObject({ name: "file", template_uuid: "688c46fb-5edb-40a3-8273-1af7923e2215" });
    expect(object.Attribute.map((one) => [one.object_relation, one.type, one.value, one.to_ids])).toEqual([
      ["filename", "filename", "a.exe", false],
      ["md5", "md5", "d41d8cd98f00b204e9800998ecf8427e", true],
      ["size-in-bytes", "size-in-bytes", "12", false],
    ]);
  });

  test.each<[string, Partial<StixObject>, Partial<ExportItem>]>([
    ["PAP:RED", { labels: ["PAP:RED"] }, {}],
    ["PAP:AMBER by its release", {}, { pap: "amber" }],
    ["benign", { indicator_types: ["benign"] }, {}],
    ["not yet valid", { valid_from: "2027-01-01T00:00:00Z" }, {}],
    ["what many share", { pattern: "[domain-name:value = 'github.io']" }, {}],
  ])("is for detection only where it may be acted upon: %s", (_what, object, more) => {
    const [attribute] = only(
      eventsOf([indicator(1, "[domain-name:value = 'evil.example']", object, more)]),
    ).Attribute;
    expect(attribute).toMatchObject({ type: "domain", to_ids: false });
  });

  test("what merely was seen is not for detection", () => {
    const seen = item({ type: "domain-name", id: id("domain-name", 1), value: "evil.example" });
    expect(only(eventsOf([seen])).Attribute[0]).toMatchObject({ value: "evil.example", to_ids: false });
  });

  test("what is marked more strictly than its report is in no event of that: MISP hands on events as a whole", () => {
    const pattern = "[domain-name:value = 'evil.example']";
    const [amber, wide] = [indicator(1, pattern, {}, { tlp: "amber" }), indicator(2, pattern)];
    const actor = item({ type: "threat-actor", id: id("threat-actor", 1), name: "Secret" }, { tlp: "amber" });
    const seen = item(
      { type: "sighting", id: id("sighting", 1), sighting_of_ref: wide.object.id, description: "at a bank" },
      { tlp: "amber" },
    );
    const [ofDay, ofReport, ...more] = eventsOf([amber, wide, actor, seen, report([amber, wide, actor])]);
    expect(more).toEqual([]);
    expect(ofReport?.Tag).toEqual([{ name: "tlp:green" }]);
    expect(ofReport?.Attribute.map(({ distribution }) => distribution)).toEqual(["5"]);
    expect(JSON.stringify(ofReport)).not.toMatch(/Secret|at a bank|tlp:amber/);
    expect(ofDay?.Tag[0]).toEqual({ name: "tlp:amber" });
    expect(JSON.stringify(ofDay)).toContain("Secret");
  });

  test("of a drill says so before all else", () => {
    const event = only(eventsOf([indicator(1, "[domain-name:value = 'evil.example']")], "drill_rope"));
    expect(event.info).toMatch(/^EXERCISE drill_rope: /);
    expect(event.Tag[0]).toEqual({ name: "EXERCISE drill_rope" });
  });

  test("a name and its address are a pair, and an object where one of them alone is for detection", () => {
    const seen = (type: string, n: number, value: string) => item({ type, id: id(type, n), value });
    const one = seen("domain-name", 1, "one.example");
    const two = indicator(2, "[domain-name:value = 'two.example']", { name: "two.example" });
    const [a, b] = [seen("ipv4-addr", 1, "192.0.2.1"), seen("ipv4-addr", 2, "192.0.2.2")];
    const edges = [
      relationship(1, "resolves-to", one, a),
      relationship(2, "related-to", two, a),
      relationship(3, "related-to", two, b),
    ];
    const event = only(eventsOf([one, two, a, b, ...edges]));
    expect(event.Attribute.map(({ type, value }) => [type, value])).toEqual([
      ["domain|ip", "one.example|192.0.2.1"],
    ]);
    expect(
      only(event.Object).Attribute.map((part) => [part.object_relation, part.value, part.to_ids]),
    ).toEqual([
      ["domain", "two.example", true],
      ["ip", "192.0.2.1", false],
      ["ip", "192.0.2.2", false],
    ]);
  });

  test("what it holds is read back by the reader of MISP, without a reject", async () => {
    const items = [
      indicator(1, "[domain-name:value = 'evil.example' OR ipv4-addr:value = '192.0.2.7']"),
      indicator(2, "[url:value LIKE 'http://evil.example/%']"),
      indicator(3, "rule x { condition: true }", { pattern_type: "yara", name: "x" }),
      indicator(4, "[email-message:subject = 'You have won']"),
      item({
        type: "vulnerability",
        id: id("vulnerability", 5),
        name: "CVE-2024-1234",
        external_references: [
          { source_name: "cve", external_id: "CVE-2024-1234" },
          { source_name: "link", url: "https://flaw.example/" },
        ],
      }),
      item({ type: "identity", id: id("identity", 6), name: "A person", identity_class: "individual" }),
      item({
        type: "email-message",
        id: id("email-message", 7),
        is_multipart: false,
        subject: "Hi",
        body: "There",
      }),
      item({
        type: "note",
        id: id("note", 8),
        content: "Prose",
        abstract: "Words",
        object_refs: [id("report", 1)],
      }),
    ];
    const event = only(eventsOf([...items, report(items)]));
    const collected = await collect(mispReader, JSON.stringify({ response: [{ Event: event }] }));
    expect(collected.rejects).toEqual([]);
    expect(event.Object.map(({ name }) => name)).toEqual([
      "stix2-pattern",
      "yara",
      "vulnerability",
      "person",
      "email",
    ]);
    const types = collected.drafts.map((draft) => (draft.kind === "value" ? draft.as : draft.object.type));
    for (const type of ["vulnerability", "identity", "email-message", "note", "report"])
      expect(types).toContain(type);
  });
});
