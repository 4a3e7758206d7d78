import type { StixObject } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { findVictims } from "./find-victims.ts";

const UUID = "123e4567-e89b-42d3-a456-426614174000";
const AT = "2026-01-01T00:00:00.000Z";

function stix(type: string, more: Record<string, unknown>): StixObject {
  return { type, spec_version: "2.1", id: `${type}--${UUID}`, ...more };
}
const indicator = (pattern: string): StixObject =>
  stix("indicator", { created: AT, modified: AT, pattern, pattern_type: "stix", valid_from: AT });

describe("findVictims", () => {
  const tie = (relationship_type: string, source_ref: string, target_ref: string) => ({
    ...stix("relationship", { relationship_type, source_ref, target_ref }),
    id: `relationship--${source_ref}${target_ref}`,
  });
  const mail = (value: string, id: string) => ({ type: "email-addr", id: `email-addr--${id}`, value });

  it("are whom relationships, sightings, impacts and mails name", () => {
    const victims = findVictims([
      tie("targets", `malware--${UUID}`, "identity--a"),
      tie("compromises", `campaign--${UUID}`, "infrastructure--a"),
      tie("uses", `campaign--${UUID}`, "infrastructure--b"),
      stix("sighting", { sighting_of_ref: "indicator--a", where_sighted_refs: ["identity--b"] }),
      stix("impact", { impact_category: "availability", impacted_refs: ["ipv4-addr--a"] }),
      {
        type: "email-message",
        id: "email-message--a",
        from_ref: "email-addr--x",
        to_refs: ["email-addr--a"],
        bcc_refs: ["email-addr--b"],
      },
    ]);
    expect([...victims].sort()).toEqual(
      [
        "email-addr--a",
        "email-addr--b",
        "identity--a",
        "identity--b",
        "infrastructure--a",
        "ipv4-addr--a",
      ].sort(),
    );
  });

  it("are not those of whom an attacker makes use", () => {
    const victims = findVictims([
      mail("evil@example.com", "based"),
      mail("evil@example.net", "looked-for"),
      mail("evil@example.org", "from"),
      mail("bob@example.com", "alone"),
      tie("based-on", "indicator--a", "email-addr--based"),
      { ...indicator("[email-addr:value = 'Evil@example.net']"), id: "indicator--b" },
      { type: "email-message", id: "email-message--a", is_multipart: false, from_ref: "email-addr--from" },
    ]);
    expect([...victims]).toEqual(["email-addr--alone"]);
  });

  it("are what was observed at a victim's, but for the attacker's", () => {
    const victims = findVictims([
      stix("sighting", { sighting_of_ref: "indicator--a", observed_data_refs: ["observed-data--a"] }),
      { ...stix("observed-data", { object_refs: ["network-traffic--a"] }), id: "observed-data--a" },
      {
        type: "network-traffic",
        id: "network-traffic--a",
        src_ref: "ipv4-addr--a",
        dst_ref: "ipv4-addr--b",
        protocols: ["tcp"],
      },
      { type: "ipv4-addr", id: "ipv4-addr--a", value: "203.0.113.7" },
      { type: "ipv4-addr", id: "ipv4-addr--b", value: "198.51.100.1" },
      indicator("[ipv4-addr:value = '198.51.100.1']"),
    ]);
    expect([...victims]).toEqual(["observed-data--a", "network-traffic--a", "ipv4-addr--a"]);
  });

  const consists = (whole: string, part: string) => tie("consists-of", `infrastructure--${whole}`, part);
  const targets = (id: string) => tie("targets", "malware--m", id);
  const seen = [
    stix("sighting", { sighting_of_ref: "malware--m", observed_data_refs: ["observed-data--o"] }),
    { ...stix("observed-data", { object_refs: ["ipv4-addr--a", "ipv4-addr--b"] }), id: "observed-data--o" },
  ];

  it.each<[string, StixObject[], string[]]>([
    ["of infrastructure", [targets("infrastructure--v"), consists("v", "ipv4-addr--a")], ["ipv4-addr--a"]],
    [
      "of its infrastructure in turn",
      [targets("infrastructure--v"), consists("w", "ipv4-addr--a"), consists("v", "infrastructure--w")],
      ["infrastructure--w", "ipv4-addr--a"],
    ],
    [
      "of a domain",
      [targets("domain-name--d"), tie("resolves-to", "domain-name--d", "ipv4-addr--a")],
      ["ipv4-addr--a"],
    ],
    [
      "of a domain that says so itself",
      [
        targets("domain-name--d"),
        { type: "domain-name", id: "domain-name--d", value: "d.example", resolves_to_refs: ["ipv4-addr--a"] },
      ],
      ["ipv4-addr--a"],
    ],
    [
      "of infrastructure that an actor uses, too",
      [
        targets("infrastructure--v"),
        tie("uses", "threat-actor--t", "infrastructure--v"),
        consists("v", "ipv4-addr--a"),
      ],
      ["ipv4-addr--a"],
    ],
  ])("are the parts %s that is called a victim's", (_, objects, parts) => {
    for (const all of [objects, objects.toReversed()]) {
      const victims = [...findVictims(all)].filter(
        (id) => !all.some((one) => one.target_ref === id && one.relationship_type === "targets"),
      );
      expect(victims.sort()).toEqual(parts);
    }
  });

  it("are not of what the attacker's infrastructure consists, also where it is part of a victim's", () => {
    const theirs = [consists("x", "ipv4-addr--a"), tie("uses", "malware--m", "infrastructure--x")];
    expect([...findVictims([...theirs, ...seen])]).toEqual(["observed-data--o", "ipv4-addr--b"]);
    const ours = [
      targets("infrastructure--v"),
      consists("v", "ipv4-addr--a"),
      consists("v", "infrastructure--x"),
    ];
    const used = [...ours, ...theirs, tie("beacons-to", "malware--m", "ipv4-addr--b"), ...seen];
    for (const all of [used, used.toReversed()])
      expect([...findVictims(all)].sort()).toEqual(["infrastructure--v", "observed-data--o"]);
  });

  it("may be what a victim's infrastructure uses", () => {
    const hosts = tie("hosts", "infrastructure--v", "ipv4-addr--a");
    expect(findVictims([...seen, hosts])).not.toContain("ipv4-addr--a");
    expect(findVictims([...seen, hosts, targets("infrastructure--v")])).toContain("ipv4-addr--a");
  });

  it("are not the addresses of names that were only looked up there", () => {
    const victims = findVictims([
      stix("sighting", { sighting_of_ref: "malware--m", observed_data_refs: ["observed-data--o"] }),
      { ...stix("observed-data", { object_refs: ["domain-name--d"] }), id: "observed-data--o" },
      tie("resolves-to", "domain-name--d", "ipv4-addr--a"),
    ]);
    expect([...victims]).toEqual(["observed-data--o"]);
  });
});
