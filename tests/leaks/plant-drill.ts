import { type Caller, caller, markedFor, submitAndWait, until } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import { wholeReport } from "./bundles.ts";
import type { Canary } from "./canaries.ts";
import { maySee, type Party, type PlantedTlp, party } from "./oracle.ts";
import type { Reader } from "./readers.ts";
import { expectMade, type Ground, JSON_TYPE, readerOf, someObjects, statedObjects } from "./sower.ts";
import type { Things } from "./things.ts";

export type PlantedDrill = { readers: Reader[]; content: Canary[] };

/** A drill of MY with SG and TH in it: its content is for them, and its title for MY's coordinator. */
export async function plantDrill(ground: Ground, things: Things): Promise<PlantedDrill> {
  const { canaries, platform } = ground;
  const coordinator = readerOf(ground.readers, "MY", "coordinator");
  const title = canaries.plant("a drill's title", "own", (one) => one === coordinator);
  const injected = canaries.plant(
    "what a drill's inject submits",
    "content",
    inDrill({ tlp: "green", producer: "SG" }),
  );
  const body = canaries.plant("what a drill's inject says to players", "own", () => false);
  const made = expectMade(
    await coordinator.api.post("/v1/drills", {
      scenario: scenarioOf(title.text, body.text, injected.text),
      speed: 600,
    }),
  );
  things.drill.push({ id: made.id, organisation: "MY", realm: "live" });
  things.realm.push({ id: made.realm, organisation: "MY", realm: "drill" });
  const readers: Reader[] = [];
  for (const code of ["SG", "TH"]) {
    for (const role of ["analyst", "subscriber"] as const) {
      const key = made.keys[code][role] as string;
      readers.push({
        name: `the drill's ${code} ${role}`,
        realm: "drill",
        party: party(code),
        role,
        key,
        api: caller(platform.url, key),
      });
    }
  }
  await coordinator.api.post(`/v1/drills/${made.id}/start`);
  const content = [injected];
  for (const [tlp, to] of [
    ["green", []],
    ["amber", []],
    ["amber+strict", ["TH"]],
  ] as const) {
    const canary = canaries.plant(
      `a player's report, TLP:${tlp.toUpperCase()}`,
      "content",
      inDrill({ tlp, producer: "SG", to }),
    );
    content.push(canary);
    const query = markedFor(tlp, to);
    const report = await submitAndWait(
      drillAnalyst(readers),
      query,
      bundleOf(...wholeReport(canary.text)),
      JSON_TYPE,
    );
    things.submission.push({ id: report.body.id, organisation: "SG", realm: "drill" });
    things.object.push(...someObjects(report, "SG", "drill"));
    things.stated.push(...statedObjects(report, "SG", "drill"));
  }
  await until(30_000, "the inject", async () => {
    const { body: drill } = await coordinator.api.get(`/v1/drills/${made.id}`);
    return drill.injects[0].state === "fired" ? true : undefined;
  });
  return { readers, content };
}

function drillAnalyst(readers: readonly Reader[]): Caller {
  const found = readers.find(({ party: who, role }) => who?.code === "SG" && role === "analyst");
  if (found === undefined) throw new Error("the drill has no SG analyst");
  return found.api;
}

function inDrill(marking: {
  tlp: PlantedTlp;
  producer: string;
  to?: readonly string[];
}): (reader: Reader) => boolean {
  const whole: { tlp: PlantedTlp; producer: Party; to: readonly string[] } = {
    tlp: marking.tlp,
    producer: party(marking.producer),
    to: marking.to ?? [],
  };
  return ({ realm, party: who }) => realm === "drill" && who !== undefined && maySee(whole, who);
}

function scenarioOf(title: string, body: string, content: string): string {
  return `drill: 1
id: 5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e7bb
title: { en: ${title} }
tlp: GREEN
duration: PT10H
clock: { speed: 1, min_human: PT1M }
objectives: { O1: nothing leaks }
participants: { SG: SingCERT, TH: ThaiCERT }
injects:
  - id: i1
    at: PT5M
    to: [SG]
    from: { role: nobody, via: email }
    body: { en: ${body} }
    submit: { by: SG, format: csv, tlp: GREEN, content: "value,description\\n${content}v.example.com,${content}\\n" }
`;
}
