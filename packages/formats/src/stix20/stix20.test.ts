import { scoId } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { stixReader } from "../stix/read-stix.ts";
import { collect, objectsOf } from "../testing/collect-drafts.ts";
import { issuesOf } from "../testing/invalid-drafts.ts";

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const TIMES = { created: "2017-01-27T13:49:53.935Z", modified: "2017-01-27T13:49:53.935Z" };
const old = (type: string, n: number, more: object): object => ({
  type,
  id: `${type}--${uuid(n)}`,
  ...TIMES,
  ...more,
});
const bundle = (...objects: object[]): object => ({
  type: "bundle",
  id: `bundle--${uuid(0)}`,
  spec_version: "2.0",
  objects,
});
const RED = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed";

// After the examples of STIX 2.0, parts 2 and 4.
const observed = (objects: object, more: object = {}): object =>
  old("observed-data", 7, {
    first_observed: "2015-12-21T19:00:00Z",
    last_observed: "2015-12-21T19:00:00Z",
    number_observed: 50,
    objects,
    ...more,
  });

describe("an object of STIX 2.0", () => {
  it.each([
    [
      "indicator",
      "indicator_types",
      { pattern: "[file:name = 'a']", valid_from: "2016-01-01T00:00:00Z" },
      "malicious-activity",
    ],
    ["malware", "malware_types", { name: "Poison Ivy" }, "remote-access-trojan"],
    [
      "report",
      "report_types",
      { name: "R", published: "2016-01-20T17:00:00Z", object_refs: [`malware--${uuid(1)}`] },
      "campaign",
    ],
    ["threat-actor", "threat_actor_types", { name: "Evil Org" }, "crime-syndicate"],
    ["tool", "tool_types", { name: "VNC" }, "remote-access"],
    ["identity", "roles", { name: "A", identity_class: "organization" }, "analyst"],
  ])("has the types of its labels: %s", async (type, property, more, label) => {
    const collected = await collect(stixReader, bundle(old(type, 1, { ...more, labels: [label] })));
    const [object] = objectsOf(collected, type);
    expect(object).toMatchObject({
      spec_version: "2.1",
      id: `${type}--${uuid(1)}`,
      ...TIMES,
      [property]: [label],
    });
    expect(object).not.toHaveProperty("labels");
    expect([issuesOf(collected), collected.rejects]).toEqual([[], []]);
  });

  it("keeps other labels, and a marking among them", async () => {
    const collected = await collect(
      stixReader,
      bundle(
        old("campaign", 1, { name: "C", labels: ["x"] }),
        old("tool", 2, { name: "T", labels: ["remote-access", "tlp:amber"] }),
      ),
    );
    expect(objectsOf(collected, "campaign")[0]?.labels).toEqual(["x"]);
    expect(objectsOf(collected, "tool")[0]).toMatchObject({
      labels: ["tlp:amber"],
      tool_types: ["remote-access"],
    });
    expect(collected.drafts.map(({ marking }) => marking?.tlp)).toEqual([undefined, "amber"]);
  });

  it("says what 2.1 wants to know of malware, and tells that it was not said", async () => {
    const collected = await collect(
      stixReader,
      bundle(old("malware", 1, { name: "Cryptolocker", labels: ["ransomware"] })),
    );
    expect(objectsOf(collected, "malware")[0]).toMatchObject({ is_family: true });
    expect(collected.losses).toMatchObject([{ field: "is_family", at: "/objects/0" }]);
  });

  it("has patterns of 2.1: times are timestamps", async () => {
    const pattern = "[file:name = 'a'] START '2016-06-01T00:00:00Z' STOP '2016-07-01T00:00:00Z'";
    const collected = await collect(
      stixReader,
      bundle(old("indicator", 1, { pattern, labels: ["benign"], valid_from: "2016-01-01T00:00:00Z" })),
    );
    expect(objectsOf(collected, "indicator")[0]?.pattern).toContain(
      "START t'2016-06-01T00:00:00Z' STOP t'2016",
    );
    expect(issuesOf(collected)).toEqual([]);
  });

  it("is refused as an observable, which 2.0 has in observed data alone, with its marking", async () => {
    const { rejects } = await collect(stixReader, {
      type: "bundle",
      objects: [
        old("domain-name", 1, { spec_version: "2.0", value: "example.com", object_marking_refs: [RED] }),
      ],
    });
    expect(rejects).toMatchObject([{ code: "stix-2.0", marking: { tlp: "red" } }]);
  });

  it("is one in a bundle that says so, also a definition of a marking", async () => {
    const definition = {
      type: "marking-definition",
      id: `marking-definition--${uuid(3)}`,
      created: TIMES.created,
      definition_type: "statement",
      definition: { statement: "Copyright 2017" },
    };
    const collected = await collect(stixReader, bundle(definition));
    expect(objectsOf(collected, "marking-definition")[0]).toMatchObject({ spec_version: "2.1" });
    expect(issuesOf(collected)).toEqual([]);
  });
});

describe("observed data of STIX 2.0", () => {
  it("refers to its observables, which are objects with the ids of 2.1", async () => {
    const collected = await collect(
      stixReader,
      bundle(
        observed({
          "0": { type: "email-addr", value: "John@Example.com", display_name: "John Doe" },
          "1": {
            type: "email-message",
            is_multipart: false,
            from_ref: "0",
            subject: "Check this",
            to_refs: ["0"],
          },
          "2": { type: "domain-name", value: "Example.COM", resolves_to_refs: ["3"] },
          "3": { type: "ipv4-addr", value: "198.51.100.3" },
        }),
      ),
    );
    const [mail] = objectsOf(collected, "email-addr");
    expect(mail).toMatchObject({ value: "john@example.com" });
    const id = scoId({ type: "email-addr", value: "john@example.com" });
    expect(objectsOf(collected, "email-message")).toMatchObject([{ from_ref: id, to_refs: [id] }]);
    const address = scoId({ type: "ipv4-addr", value: "198.51.100.3" });
    expect(objectsOf(collected, "domain-name")).toMatchObject([
      { value: "example.com", resolves_to_refs: [address] },
    ]);
    const [data] = objectsOf(collected, "observed-data");
    expect(data).not.toHaveProperty("objects");
    expect(data?.object_refs).toHaveLength(4);
    expect(collected.drafts.at(-1)?.contains).toEqual(data?.object_refs);
    expect([issuesOf(collected), collected.losses, collected.rejects]).toEqual([[], [], []]);
  });

  it("has the names of 2.1, and tells what 2.1 has no more", async () => {
    const collected = await collect(
      stixReader,
      bundle(
        observed({
          "0": {
            type: "file",
            name: "foo.dll",
            hashes: { MD5: "AB".repeat(16), ssdeep: "3:abc:def" },
            created: "2016-12-21T19:00:00Z",
            accessed: "2016-12-22T19:00:00Z",
            is_encrypted: true,
          },
          "1": {
            type: "process",
            pid: 1221,
            name: "gedit-bin",
            created: "2016-01-20T14:11:25.55Z",
            binary_ref: "0",
            arguments: ["x"],
          },
          "2": {
            type: "windows-registry-key",
            key: "HKEY_LOCAL_MACHINE\\x",
            modified: "2016-01-20T14:11:25Z",
          },
          "3": {
            type: "network-traffic",
            dst_ref: "4",
            protocols: ["tcp"],
            extensions: {
              "http-request-ext": {
                request_method: "get",
                request_value: "/",
                request_header: { Host: "www.example.com" },
              },
            },
          },
          "4": { type: "ipv4-addr", value: "198.51.100.2" },
        }),
      ),
    );
    const [file] = objectsOf(collected, "file");
    expect(file).toMatchObject({
      ctime: "2016-12-21T19:00:00Z",
      atime: "2016-12-22T19:00:00Z",
      hashes: { MD5: "ab".repeat(16), SSDEEP: "3:abc:def" },
    });
    expect(objectsOf(collected, "process")).toMatchObject([
      { created_time: "2016-01-20T14:11:25.55Z", image_ref: file?.id },
    ]);
    expect(objectsOf(collected, "windows-registry-key")).toMatchObject([
      { modified_time: "2016-01-20T14:11:25Z" },
    ]);
    expect(objectsOf(collected, "network-traffic")).toMatchObject([
      { extensions: { "http-request-ext": { request_header: { Host: ["www.example.com"] } } } },
    ]);
    expect(collected.losses.map(({ field }) => field).sort()).toEqual([
      "objects/0/is_encrypted",
      "objects/1/arguments",
      "objects/1/name",
    ]);
    expect(issuesOf(collected)).toEqual([]);
  });

  it("gives a process the same id at every reading", async () => {
    const input = bundle(observed({ "0": { type: "process", pid: 1 } }));
    const ids = await Promise.all(
      [1, 2].map(async () => objectsOf(await collect(stixReader, input), "process")[0]?.id),
    );
    expect(ids[0]).toBe(ids[1]);
  });

  it("marks what it observed as itself, and takes nothing under an unknown marking", async () => {
    const objects = { "0": { type: "ipv4-addr", value: "198.51.100.2" } };
    const red = await collect(stixReader, bundle(observed(objects, { object_marking_refs: [RED] })));
    expect(red.drafts.map(({ marking }) => marking)).toEqual([{ tlp: "red" }, { tlp: "red" }]);
    const unknown = await collect(stixReader, bundle(observed(objects, { labels: ["tlp:mauve"] })));
    expect([unknown.drafts, unknown.rejects.map(({ code }) => code)]).toEqual([[], ["unknown-marking"]]);
  });

  it.each([
    ["leads nowhere", { "0": { type: "domain-name", value: "example.com", resolves_to_refs: ["9"] } }],
    ["leads back to itself", { "0": { type: "process", pid: 1, parent_ref: "0" } }],
  ])("tells of a reference that %s", async (_name, objects) => {
    const { losses, drafts } = await collect(stixReader, bundle(observed(objects)));
    expect(losses).toMatchObject([{ reason: expect.stringContaining("leads to no observable") }]);
    expect(drafts).toHaveLength(2);
  });
});
