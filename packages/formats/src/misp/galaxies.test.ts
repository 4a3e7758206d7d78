import { describe, expect, it } from "vitest";
import { chooseReader } from "../readers.ts";
import { collect, objectsOf, valuesOf } from "../testing/collect-drafts.ts";
import { attribute, event } from "../testing/misp-fixture.ts";
import { faultsOf } from "../testing/validated.ts";
import { mispReader } from "./read-misp.ts";

const Attribute = [attribute("domain", "example.com")];
const galaxyOf = (type: string, cluster: object): object => ({ type, GalaxyCluster: [{ type, ...cluster }] });

describe("a cluster of a galaxy", () => {
  it("has the phases of its kill chain, its number, and tells what else its meta says", async () => {
    const meta = {
      kill_chain: ["mitre-attack:initial-access", "attack-Windows:initial-access", "attack-Linux:Impact"],
      country: ["XX"],
      victims: [],
      refs: ["https://example.com/a", "not a link"],
    };
    const cluster = { value: "Phishing - T1566", uuid: "00000000-0000-4000-8000-00000000bbbb", meta };
    const Galaxy = [galaxyOf("mitre-attack-pattern", cluster)];
    const collected = await collect(mispReader, event({ Galaxy, Attribute }));
    expect(objectsOf(collected, "attack-pattern")).toEqual([
      expect.objectContaining({
        kill_chain_phases: [
          { kill_chain_name: "mitre-attack", phase_name: "initial-access" },
          { kill_chain_name: "mitre-attack", phase_name: "impact" },
        ],
        external_references: [
          { source_name: "mitre-attack", external_id: "T1566" },
          {
            source_name: "misp-galaxy:mitre-attack-pattern",
            external_id: "00000000-0000-4000-8000-00000000bbbb",
          },
          { source_name: "misp-galaxy", url: "https://example.com/a" },
        ],
      }),
    ]);
    const told = collected.losses.filter(({ field }) => field.startsWith("Galaxy"));
    expect(told.map(({ at, field }) => `${at} ${field}`)).toEqual([
      "/Event/Galaxy/0/GalaxyCluster/0/meta/country Galaxy/meta/country",
      "/Event/Galaxy/0/GalaxyCluster/0/meta/refs Galaxy/meta/refs",
    ]);
    expect(faultsOf(collected)).toEqual([]);
  });

  it("of a long name is read within a second", async () => {
    const value = `a${" ".repeat(200_000)}b`;
    const Galaxy = [galaxyOf("threat-actor", { value })];
    const { user } = process.cpuUsage();
    await collect(mispReader, event({ Galaxy, Attribute }));
    expect(process.cpuUsage().user - user).toBeLessThan(1_000_000);
  });

  it("tells of phases that its type has no place for", async () => {
    const cluster = { value: "Example Bear", meta: { kill_chain: ["mitre-attack:impact"] } };
    const Galaxy = [galaxyOf("threat-actor", cluster)];
    const { losses } = await collect(mispReader, event({ Galaxy, Attribute }));
    expect(losses.map(({ field }) => field)).toContain("Galaxy/meta/kill_chain");
  });

  it.each([
    ["the event", (Galaxy: object[]) => event({ Galaxy, Attribute }), "report"],
    [
      "an attribute",
      (Galaxy: object[]) => event({ Attribute: [attribute("domain", "example.com", { Galaxy })] }),
      undefined,
    ],
  ])("of a galaxy that STIX has no type for is a label of %s", async (_name, inputOf, type) => {
    const Galaxy = [galaxyOf("sector", { value: "Water", description: "Utilities" })];
    const collected = await collect(mispReader, inputOf(Galaxy));
    const labelled =
      type === undefined
        ? collected.drafts.flatMap((draft) => (draft.kind === "value" ? [draft.details.labels] : []))
        : objectsOf(collected, type).map(({ labels }) => labels);
    expect(labelled).toEqual([expect.arrayContaining(['misp-galaxy:sector="Water"'])]);
    expect(collected.losses.map(({ field }) => field)).toContain("Galaxy/description");
  });
});

describe("what MISP writes", () => {
  it.each(["btc-wallet", "constructor"])("as an object %s that STIX has not is told", async (name) => {
    const inner = [
      attribute("btc", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", { object_relation: "wallet-address" }),
    ];
    const { losses } = await collect(mispReader, event({ Object: [{ name, Attribute: inner }] }));
    expect(losses).toContainEqual(expect.objectContaining({ at: "/Event/Object/0", field: name }));
  });

  it("as attributes alone is known and read", async () => {
    const text = JSON.stringify({ Attribute });
    expect(chooseReader({ head: text })).toMatchObject({ ok: true, reader: { name: "misp" } });
    expect(valuesOf(await collect(mispReader, text))).toEqual(["domain example.com"]);
  });
});
