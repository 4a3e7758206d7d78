import { describe, expect, it } from "vitest";
import { collect, objectsOf, valuesOf } from "../testing/collect-drafts.ts";
import { attribute, event, uuid, withAttribute } from "../testing/misp-fixture.ts";
import { mispReader } from "./read-misp.ts";

const sha1 = "ab".repeat(20);
const sha256 = "cd".repeat(32);

describe("the MISP reader", () => {
  it("makes a report of the event, which holds all else", async () => {
    const collected = await collect(mispReader, withAttribute("domain", "example.com"));
    const [value, report] = collected.drafts;
    expect(report).toMatchObject({
      index: 0,
      at: "/Event",
      marking: { tlp: "green", pap: "amber" },
      contains: [value?.local],
      object: {
        type: "report",
        name: "A campaign",
        published: "2026-01-01T00:00:00.000Z",
        labels: ["botnet", "threat-level:high", "analysis:completed"],
        object_refs: [value?.local],
        external_references: [{ source_name: "misp", description: "MISP event of Example CERT" }],
      },
    });
  });

  it.each([
    ["ip-dst", "192.0.2.1", ["ipv4 192.0.2.1"]],
    ["ip-src", "2001:db8::/32", ["cidr6 2001:db8::/32"]],
    ["hostname", "www.example.com", ["domain www.example.com"]],
    ["url", "http://example.com/a", ["url http://example.com/a"]],
    ["email-src", "a@example.com", ["email a@example.com"]],
    ["sha1", sha1, [`sha1 ${sha1}`]],
    ["domain|ip", "example.com|192.0.2.1", ["domain example.com", "ipv4 192.0.2.1"]],
    ["ip-dst|port", "192.0.2.1|443", ["ipv4 192.0.2.1"]],
    ["mutex", "Global\\x", ["mutex Global\\x"]],
    ["vulnerability", "CVE-2026-0001", ["cve CVE-2026-0001"]],
    ["AS", "AS64496", ["asn AS64496"]],
    ["filename", "a.exe", ["filename a.exe"]],
    ["user-agent", "Bot/1.0", ["user-agent Bot/1.0"]],
  ])("reads %s", async (type, value, values) => {
    const collected = await collect(mispReader, withAttribute(type, value));
    expect(valuesOf(collected)).toEqual(values);
    expect(collected.rejects).toEqual([]);
  });

  it("makes indicators of what is for detection, and observables of the rest", async () => {
    const roles = async (to_ids: unknown): Promise<unknown[]> =>
      (await collect(mispReader, withAttribute("domain", "example.com", { to_ids }))).drafts.map(
        (draft) => draft.kind === "value" && draft.as,
      );
    expect(await roles(true)).toContain("indicator");
    expect(await roles("1")).toContain("indicator");
    expect(await roles(false)).toContain("observable");
  });

  it("makes a file and an indicator of filename|hash", async () => {
    const collected = await collect(
      mispReader,
      withAttribute("filename|sha1", `a.exe|${sha1.toUpperCase()}`),
    );
    expect(objectsOf(collected, "file")).toEqual([
      { type: "file", spec_version: "2.1", name: "a.exe", hashes: { "SHA-1": sha1 } },
    ]);
    expect(objectsOf(collected, "indicator")[0]?.pattern).toContain(sha1);
  });

  it("writes the hive of regkey|value in full, as STIX wants it", async () => {
    const collected = await collect(
      mispReader,
      withAttribute("regkey|value", "HKLM\\Software\\x|1", { to_ids: false }),
    );
    expect(objectsOf(collected, "windows-registry-key")).toEqual([
      expect.objectContaining({ key: "HKEY_LOCAL_MACHINE\\Software\\x", values: [{ data: "1" }] }),
    ]);
  });

  it("refuses a hash of another length than its type", async () => {
    const { rejects } = await collect(mispReader, withAttribute("filename|sha1", `a.exe|${"ab".repeat(16)}`));
    expect(rejects.map(({ code, index }) => [code, index])).toEqual([
      ["bad-value", 1],
      ["empty-event", 0],
    ]);
  });

  it("makes one file and one indicator of a file object", async () => {
    const object = {
      uuid: uuid(),
      name: "file",
      Attribute: [
        attribute("filename", "a.exe", { object_relation: "filename", to_ids: false }),
        attribute("sha1", sha1, { object_relation: "sha1" }),
        attribute("sha256", sha256, { object_relation: "sha256" }),
        attribute("size-in-bytes", "1024", { object_relation: "size-in-bytes" }),
        attribute("float", "7.1", { object_relation: "entropy" }),
      ],
    };
    const collected = await collect(mispReader, event({ Object: [object] }));
    expect(objectsOf(collected, "file")).toEqual([
      {
        type: "file",
        spec_version: "2.1",
        name: "a.exe",
        hashes: { "SHA-1": sha1, "SHA-256": sha256 },
        size: 1024,
      },
    ]);
    const [indicator] = objectsOf(collected, "indicator");
    expect(indicator?.pattern).toMatch(/^\[file:hashes.* OR file:hashes.*\]$/);
    expect(collected.losses.map(({ field }) => field)).toContain("file.entropy");
  });

  it("carries object references whose ends are known, and tells of the others", async () => {
    const target = attribute("domain", "example.com");
    const object = {
      uuid: uuid(),
      name: "domain-ip",
      Attribute: [attribute("ip-dst", "192.0.2.1", { object_relation: "ip" })],
      ObjectReference: [
        { referenced_uuid: target.uuid, relationship_type: "hosts" },
        { referenced_uuid: uuid(), relationship_type: "uses" },
      ],
    };
    const collected = await collect(mispReader, event({ Attribute: [target], Object: [object] }));
    expect(objectsOf(collected, "relationship").map(({ relationship_type }) => relationship_type)).toEqual([
      "hosts",
    ]);
    expect(collected.losses.map(({ field }) => field)).toContain("uses");
  });

  it("takes every value of an object, and a rule's name with its rule", async () => {
    const Attribute = [
      attribute("domain", "example.com", { object_relation: "domain" }),
      attribute("ip-dst", "192.0.2.1", { object_relation: "ip" }),
      attribute("ip-dst", "192.0.2.2", { object_relation: "ip" }),
      attribute("text", "Seen by us", { object_relation: "text" }),
    ];
    const rule = [
      attribute("yara", "rule a { condition: true }", { object_relation: "yara" }),
      attribute("text", "a", { object_relation: "yara-rule-name" }),
    ];
    const objects = [
      { uuid: uuid(), name: "domain-ip", Attribute },
      { uuid: uuid(), name: "yara", Attribute: rule },
    ];
    const collected = await collect(mispReader, event({ Object: objects }));
    expect(valuesOf(collected)).toEqual(["domain example.com", "ipv4 192.0.2.1", "ipv4 192.0.2.2"]);
    expect(objectsOf(collected, "indicator")).toEqual([
      expect.objectContaining({ name: "a", pattern_type: "yara" }),
    ]);
    expect(collected.losses.map(({ field }) => field)).toContain("domain-ip.text");
  });

  it("makes an object of a galaxy's cluster once, from the galaxy or from its tag", async () => {
    const tag = 'misp-galaxy:mitre-attack-pattern="Web Protocols - T1071.001"';
    const cluster = { type: "mitre-attack-pattern", value: "Web Protocols - T1071.001", tag_name: tag };
    const Galaxy = [{ type: "mitre-attack-pattern", GalaxyCluster: [cluster] }];
    const other = [
      { name: 'misp-galaxy:threat-actor="Example Bear"' },
      { name: tag },
      { name: 'misp-galaxy:sector="Water"' },
    ];
    const collected = await collect(
      mispReader,
      event({ Tag: other, Galaxy, Attribute: [attribute("domain", "example.com", { Galaxy })] }),
    );
    expect(objectsOf(collected, "attack-pattern")).toEqual([
      {
        type: "attack-pattern",
        spec_version: "2.1",
        name: "Web Protocols",
        external_references: [{ source_name: "mitre-attack", external_id: "T1071.001" }],
      },
    ]);
    expect(objectsOf(collected, "threat-actor").map(({ name }) => name)).toEqual(["Example Bear"]);
    expect(objectsOf(collected, "report")[0]?.labels).toContain('misp-galaxy:sector="Water"');
    expect(objectsOf(collected, "relationship").map(({ relationship_type }) => relationship_type)).toEqual([
      "indicates",
    ]);
  });

  it("keeps prose as notes and links as references of the report", async () => {
    const Attribute = [
      attribute("text", "What we think", { comment: "Assessment" }),
      attribute("link", "https://example.com/report"),
      attribute("url", "https://example.com/blog", { category: "External analysis", to_ids: false }),
    ];
    const collected = await collect(mispReader, event({ Attribute }));
    expect(objectsOf(collected, "note")).toEqual([
      expect.objectContaining({ abstract: "Assessment", content: "What we think" }),
    ]);
    expect(objectsOf(collected, "report")[0]?.external_references).toHaveLength(3);
  });

  it.each([
    ["pdb", "c:\\x.pdb"],
    ["phone-number", "+65 0000 0000"],
  ])("tells that %s is lost", async (type, value) => {
    const { losses } = await collect(mispReader, withAttribute(type, value));
    expect(losses).toContainEqual(expect.objectContaining({ field: type, at: "/Event/Attribute/0" }));
  });

  it("carries the name and the hash of a sample, and tells that the sample is not carried", async () => {
    const collected = await collect(
      mispReader,
      withAttribute("malware-sample", `a.exe|${"ab".repeat(16)}`, { data: "QUJD" }),
    );
    expect(objectsOf(collected, "file")).toHaveLength(1);
    expect(collected.losses.map(({ field }) => field)).toEqual(
      expect.arrayContaining(["malware-sample", "data"]),
    );
    expect(JSON.stringify(collected.drafts)).not.toContain("QUJD");
  });

  it("marks an attribute by its own tag", async () => {
    const { drafts } = await collect(
      mispReader,
      withAttribute("domain", "example.com", { Tag: [{ name: "tlp:red" }] }),
    );
    expect(drafts[0]?.marking).toEqual({ tlp: "red" });
  });
  it("numbers the records of several events through", async () => {
    const one = withAttribute("domain", "example.com");
    const { drafts } = await collect(mispReader, { response: [one, one] });
    expect(drafts.map(({ index }) => index)).toEqual([1, 0, 3, 2]);
  });
});
