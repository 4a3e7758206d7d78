import { describe, expect, it } from "vitest";
import { collect, objectsOf, valuesOf } from "../testing/collect-drafts.ts";
import { issuesOf } from "../testing/invalid-drafts.ts";
import { attribute, event, uuid, withAttribute } from "../testing/misp-fixture.ts";
import { mispReader } from "./read-misp.ts";

const domain = (more: object): object => withAttribute("domain", "example.com", more);
const sighting = (type: string, more: object = {}): object => ({
  uuid: uuid(),
  type,
  date_sighting: "1767312000",
  source: "sensor",
  Organisation: { uuid: uuid(), name: "Example Bank" },
  ...more,
});

describe("sightings", () => {
  it("are sightings of an indicator, by whom, where and when", async () => {
    const collected = await collect(mispReader, domain({ Sighting: [sighting("0"), sighting("0")] }));
    const [indicator] = collected.drafts;
    const [bank] = objectsOf(collected, "identity");
    expect(bank).toMatchObject({ name: "Example Bank", identity_class: "organization" });
    expect(objectsOf(collected, "sighting")).toHaveLength(2);
    expect(objectsOf(collected, "sighting")[0]).toMatchObject({
      sighting_of_ref: indicator?.local,
      first_seen: "2026-01-02T00:00:00.000Z",
      description: "sensor",
      count: 1,
    });
    expect(issuesOf(collected)).toEqual([]);
    expect(new Set(collected.drafts.map(({ index }) => index)).size).toBe(4);
  });

  it("are of the indicator of a file", async () => {
    const collected = await collect(
      mispReader,
      withAttribute("filename|sha1", `a.exe|${"ab".repeat(20)}`, { Sighting: sighting("0") }),
    );
    const local = collected.drafts.find(
      (draft) => draft.kind === "object" && draft.object.type === "indicator",
    )?.local;
    expect(objectsOf(collected, "sighting")).toMatchObject([{ sighting_of_ref: local }]);
  });

  it("that say a false positive are opinions, and those that say an end are one", async () => {
    const collected = await collect(mispReader, domain({ Sighting: [sighting("1"), sighting("2")] }));
    expect(objectsOf(collected, "opinion")).toMatchObject([{ opinion: "strongly-disagree" }]);
    expect(collected.drafts[0]).toMatchObject({ details: { validUntil: "2026-01-02T00:00:00.000Z" } });
    expect(collected.losses.map(({ field }) => field)).not.toContain("Sighting");
    expect(issuesOf(collected)).toEqual([]);
  });

  it.each([
    ["of an observable", { to_ids: false, Sighting: [sighting("0")] }],
    ["of an end before the beginning", { Sighting: [sighting("2", { date_sighting: "1700000000" })] }],
    ["of no known type", { Sighting: [sighting("9")] }],
    ["that are none", { Sighting: ["x"] }],
  ])("are told where they have no place: %s", async (_name, more) => {
    const { losses } = await collect(mispReader, domain(more));
    expect(losses).toContainEqual(
      expect.objectContaining({ field: "Sighting", at: "/Event/Attribute/0/Sighting/0" }),
    );
  });
});

describe("distribution", () => {
  it.each([
    ["0", "amber+strict"],
    ["4", "amber+strict"],
    ["1", undefined],
    ["5", undefined],
  ])("%s of a part is told, and marks what is narrower than its event: %s", async (distribution, tlp) => {
    const collected = await collect(
      mispReader,
      event({ distribution: 3, Attribute: [attribute("domain", "example.com", { distribution })] }),
    );
    expect(collected.drafts[0]?.marking?.tlp).toBe(tlp);
    expect(collected.losses.some(({ at }) => at === "/Event/Attribute/0/distribution")).toBe(
      distribution !== "5",
    );
    expect(collected.losses.some(({ at }) => at === "/Event/distribution")).toBe(true);
  });

  it("gives way to a TLP of its own, and marks all of an object", async () => {
    const own = attribute("domain", "example.com", { distribution: "0", Tag: [{ name: "tlp:green" }] });
    expect(
      (await collect(mispReader, event({ distribution: "3", Attribute: [own] }))).drafts[0]?.marking,
    ).toEqual({ tlp: "green" });
    const objects = [
      { name: "url", distribution: "0", Attribute: [attribute("url", "http://example.com/a")] },
    ];
    const { drafts } = await collect(mispReader, event({ distribution: "3", Object: objects }));
    expect(drafts[0]?.marking).toEqual({ tlp: "amber+strict" });
  });

  it("of the event says nothing that its TLP does not", async () => {
    const collected = await collect(
      mispReader,
      event({ distribution: "0", Attribute: [attribute("domain", "example.com", { distribution: "0" })] }),
    );
    expect(collected.drafts.map(({ marking }) => marking?.tlp)).toEqual([undefined, "green"]);
  });
});

describe("what real tools write", () => {
  it.each([
    ["lower-case names", { attribute: [attribute("domain", "example.com")] }],
    ["names in the plural", { attributes: [attribute("domain", "example.com")] }],
    [
      "a list with gaps, as PHP writes it",
      { Attribute: { "0": attribute("domain", "example.com"), "7": null } },
    ],
    ["one without the brackets of a list", { Attribute: attribute("domain", "example.com") }],
    ["types in capitals", { Attribute: [attribute("DOMAIN", "example.com")] }],
    ["the halves of a value apart", { Attribute: [{ type: "domain", value1: "example.com", to_ids: 1 }] }],
    [
      "numbers for switches",
      { Attribute: [attribute("domain", "example.com", { to_ids: 1, deleted: 0, distribution: 5 })] },
    ],
  ])("is read: %s", async (_name, more) => {
    expect(valuesOf(await collect(mispReader, event(more)))).toEqual(["domain example.com"]);
  });

  it("tells of fields that it does not know, and of warning lists", async () => {
    const warnings = [{ match: "x" }];
    const input = event({
      Attribute: [attribute("domain", "example.com", { x_odd: "1", warnings, batch_import: "1" })],
      extra: { a: 1 },
    });
    const { losses } = await collect(mispReader, input);
    expect(losses.map(({ at }) => at)).toEqual(
      expect.arrayContaining(["/Event/Attribute/0/x_odd", "/Event/Attribute/0/warnings", "/Event/extra"]),
    );
    expect(losses.some(({ field }) => field === "batch_import")).toBe(false);
  });

  it("names the event that one extends", async () => {
    const extends_uuid = uuid();
    const collected = await collect(
      mispReader,
      event({ extends_uuid, Attribute: [attribute("domain", "example.com")] }),
    );
    expect(objectsOf(collected, "report")[0]?.external_references).toContainEqual(
      expect.objectContaining({ external_id: extends_uuid }),
    );
  });

  it("takes a cluster's number, names and pages from its meta", async () => {
    const meta = {
      external_id: ["G0007"],
      synonyms: ["Sofacy", "Example"],
      refs: ["https://example.com/g", "no page"],
    };
    const Galaxy = [
      {
        type: "mitre-intrusion-set",
        GalaxyCluster: [{ type: "mitre-intrusion-set", value: "Example", meta }],
      },
    ];
    const collected = await collect(
      mispReader,
      event({ Galaxy, Attribute: [attribute("domain", "example.com")] }),
    );
    expect(objectsOf(collected, "intrusion-set")).toMatchObject([
      {
        name: "Example",
        aliases: ["Sofacy"],
        external_references: [
          { source_name: "mitre-attack", external_id: "G0007" },
          { source_name: "misp-galaxy", url: "https://example.com/g" },
        ],
      },
    ]);
    expect(issuesOf(collected)).toEqual([]);
  });
});
