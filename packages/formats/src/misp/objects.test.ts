import { scoId } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { collect, objectsOf } from "../testing/collect-drafts.ts";
import { issuesOf } from "../testing/invalid-drafts.ts";
import { event, uuid } from "../testing/misp-fixture.ts";
import { readMispObject as read, type Said } from "../testing/read-misp-object.ts";
import { mispReader } from "./read-misp.ts";

const address = (type: string, value: string): string => scoId({ type, value });

describe("an object of MISP becomes its counterpart", () => {
  const digest = "ab".repeat(20);
  it.each<[string, string, Said[], object]>([
    [
      "person",
      "identity",
      [
        ["last-name", "last-name", "Example"],
        ["first-name", "first-name", "Ann"],
        ["role", "text", "Witness"],
        ["text", "text", "Called us"],
        ["e-mail", "email-src", "ann@example.com"],
      ],
      {
        identity_class: "individual",
        name: "Ann Example",
        roles: ["Witness"],
        description: "Called us",
        contact_information: "e-mail: ann@example.com",
      },
    ],
    [
      "vulnerability",
      "vulnerability",
      [
        ["id", "vulnerability", "cve-2026-0001"],
        ["summary", "text", "A flaw"],
        ["references", "link", "https://example.com/flaw"],
      ],
      {
        name: "CVE-2026-0001",
        description: "A flaw",
        external_references: [
          { source_name: "cve", external_id: "CVE-2026-0001" },
          { source_name: "link", url: "https://example.com/flaw" },
        ],
      },
    ],
    [
      "attack-pattern",
      "attack-pattern",
      [
        ["id", "text", "66"],
        ["name", "text", "SQL Injection"],
        ["summary", "text", "S"],
      ],
      {
        name: "SQL Injection",
        description: "S",
        external_references: [{ source_name: "capec", external_id: "CAPEC-66" }],
      },
    ],
    [
      "course-of-action",
      "course-of-action",
      [
        ["name", "text", "Block it"],
        ["description", "text", "At the edge"],
        ["type", "text", "Perimeter Blocking"],
      ],
      { name: "Block it", description: "At the edge", labels: ["Perimeter Blocking"] },
    ],
    [
      "malware",
      "malware",
      [
        ["is_family", "boolean", "1"],
        ["name", "text", "Example"],
        ["malware_type", "text", "trojan"],
        ["malware_type", "text", "bot"],
      ],
      { name: "Example", is_family: true, malware_types: ["trojan", "bot"] },
    ],
    [
      "av-signature",
      "malware-analysis",
      [
        ["software", "text", "Scanner"],
        ["signature", "text", "Win32/Example"],
      ],
      { product: "Scanner", result: "malicious", result_name: "Win32/Example" },
    ],
    [
      "x509",
      "x509-certificate",
      [
        ["serial-number", "text", "36f7d432f4ab70ea"],
        ["issuer", "text", "CN=Example"],
        ["validity-not-before", "datetime", "2016-03-12T12:00:00Z"],
        ["x509-fingerprint-sha1", "x509-fingerprint-sha1", digest],
      ],
      {
        serial_number: "36f7d432f4ab70ea",
        issuer: "CN=Example",
        validity_not_before: "2016-03-12T12:00:00.000Z",
        hashes: { "SHA-1": digest },
      },
    ],
    [
      "registry-key",
      "windows-registry-key",
      [
        ["key", "regkey", "HKLM\\System\\Foo"],
        ["name", "text", "Bar"],
        ["data", "text", "qwerty"],
        ["data-type", "text", "REG_SZ"],
      ],
      {
        key: "HKEY_LOCAL_MACHINE\\System\\Foo",
        values: [{ name: "Bar", data: "qwerty", data_type: "REG_SZ" }],
      },
    ],
    [
      "asn",
      "autonomous-system",
      [
        ["asn", "AS", "AS64496"],
        ["description", "text", "Example network"],
      ],
      { number: 64496, name: "Example network" },
    ],
    [
      "user-account",
      "user-account",
      [
        ["username", "text", "ann"],
        ["account-type", "text", "unix"],
        ["privileged", "boolean", "True"],
        ["home_dir", "text", "/home/ann"],
        ["group", "text", "wheel"],
      ],
      {
        account_login: "ann",
        account_type: "unix",
        is_privileged: true,
        extensions: { "unix-account-ext": { home_dir: "/home/ann", groups: ["wheel"] } },
      },
    ],
    [
      "geolocation",
      "location",
      [
        ["latitude", "float", "1.29"],
        ["longitude", "float", "103.85"],
        ["city", "text", "Singapore"],
      ],
      { latitude: 1.29, longitude: 103.85, city: "Singapore" },
    ],
  ])("%s as %s", async (name, type, said, expected) => {
    const collected = await read(name, said);
    expect(objectsOf(collected, type)).toMatchObject([expected]);
    expect(collected.losses.filter(({ at }) => at.includes("/Object/"))).toEqual([]);
  });

  it("e-mail as a message that refers to its addresses and its attachments", async () => {
    const collected = await read("email", [
      ["from", "email-src", "a@example.com"],
      ["to", "email-dst", "b@example.com"],
      ["to", "email-dst", "c@example.com"],
      ["subject", "email-subject", "An invoice"],
      ["email-body", "email-body", "See it"],
      ["x-mailer", "email-x-mailer", "Mailer 1"],
      ["send-date", "datetime", "2026-01-01T00:00:00Z"],
      ["attachment", "email-attachment", "invoice.pdf"],
    ]);
    expect(objectsOf(collected, "email-message")).toMatchObject([
      {
        is_multipart: true,
        from_ref: address("email-addr", "a@example.com"),
        to_refs: [address("email-addr", "b@example.com"), address("email-addr", "c@example.com")],
        subject: "An invoice",
        date: "2026-01-01T00:00:00.000Z",
        additional_header_fields: { "X-Mailer": "Mailer 1" },
        body_multipart: [{ body: "See it" }, { body_raw_ref: scoId({ type: "file", name: "invoice.pdf" }) }],
      },
    ]);
    expect(objectsOf(collected, "email-addr")).toHaveLength(3);
  });

  it("a connection as traffic between two ends, with its protocols from the outside in", async () => {
    const collected = await read("network-connection", [
      ["dst-port", "port", "443"],
      ["ip-dst", "ip-dst", "192.0.2.1"],
      ["ip-src", "ip-src", "2001:db8::1"],
      ["layer7-protocol", "text", "HTTPS"],
      ["layer4-protocol", "text", "TCP"],
      ["layer3-protocol", "text", "IP"],
    ]);
    expect(objectsOf(collected, "network-traffic")).toMatchObject([
      {
        src_ref: address("ipv6-addr", "2001:db8::1"),
        dst_ref: address("ipv4-addr", "192.0.2.1"),
        dst_port: 443,
        protocols: ["ip", "tcp", "https"],
      },
    ]);
  });

  it("a process under the same id at every reading, with its image and its parent", async () => {
    const made = { uuid: uuid(), name: "process", Attribute: [] as object[] };
    const said: [string, string, string][] = [
      ["pid", "text", "12"],
      ["command-line", "text", "a.exe"],
      ["image", "filename", "a.exe"],
      ["parent-pid", "text", "1"],
    ];
    made.Attribute = said.map(([object_relation, type, value]) => ({
      object_relation,
      type,
      value,
      to_ids: false,
    }));
    const [one, two] = await Promise.all(
      [1, 2].map(async () => await collect(mispReader, event({ Object: [made] }))),
    );
    if (one === undefined || two === undefined) throw new Error("not read");
    const [parent, child] = objectsOf(one, "process");
    expect(child).toMatchObject({
      pid: 12,
      parent_ref: parent?.id,
      image_ref: scoId({ type: "file", name: "a.exe" }),
    });
    expect(objectsOf(two, "process")).toEqual(objectsOf(one, "process"));
    expect(issuesOf(one)).toEqual([]);
  });

  it("a domain as one that resolves to its addresses", async () => {
    const collected = await read("domain-ip", [
      ["domain", "domain", "example.com"],
      ["ip", "ip-dst", "192.0.2.1"],
      ["ip", "ip-dst", "192.0.2.2"],
    ]);
    expect(objectsOf(collected, "relationship").map((one) => one.relationship_type)).toEqual([
      "resolves-to",
      "resolves-to",
    ]);
  });

  it("a file in its directory", async () => {
    const collected = await read("file", [
      ["fullpath", "text", "C:\\temp\\a.exe"],
      ["sha3-256", "sha3-256", "cd".repeat(32)],
      ["imphash", "imphash", "ab".repeat(16)],
    ]);
    const path = scoId({ type: "directory", path: "C:\\temp" });
    expect(objectsOf(collected, "file")).toMatchObject([
      {
        name: "a.exe",
        parent_directory_ref: path,
        hashes: { "SHA3-256": "cd".repeat(32), IMPHASH: "ab".repeat(16) },
      },
    ]);
  });
});
