import type { Canary } from "./canaries.ts";
import { plantExportLinks } from "./crawl-exports.ts";
import type { PlantedTlp } from "./oracle.ts";
import { plantApprovals } from "./plant-approvals.ts";
import {
  plantFormats,
  plantMixedMarkings,
  plantNewerVersion,
  plantRecall,
  plantReport,
  plantSighting,
  plantWhatIsWithdrawn,
  plantWiderNames,
} from "./plant-content.ts";
import {
  plantAdvisories,
  plantAgreements,
  plantAlertRule,
  plantIdentity,
  plantMembers,
  plantRawContent,
  plantSources,
  plantWarningLists,
  plantWatchLists,
  plantWebhooks,
  waitForAlert,
} from "./plant-own.ts";
import { plantPulled } from "./plant-pulled.ts";
import { type People, type PlantedRed, plantRed } from "./plant-red.ts";
import { type Ground, readerOf, type Sower } from "./sower.ts";
import { noThings, type Things } from "./things.ts";

export type Planted = {
  things: Things;
  /** Withdrawn later: until then all of GREEN's audience has it. */
  toWithdraw: { canary: Canary; ids: string[] };
  red: PlantedRed;
  /** Where links lead, by their organisation. */
  links: ReadonlyMap<string, string>;
};

const TLPS: readonly PlantedTlp[] = ["clear", "green", "amber", "amber+strict"];
const PRODUCERS = ["SG", "MY", "CN", "SG:example-power"];
/** Nobody named, a CERT, a CERT with agencies and another one's agency. */
const NAMED: readonly string[][] = [[], ["TH"], ["MY", "CN:example-bank"]];

/** Plants canaries in everything that takes text, and tells who made what. */
export async function plant(ground: Ground, people: People): Promise<Planted> {
  const sower: Sower = {
    ...ground,
    things: noThings(),
    as: (code, role = "analyst") => readerOf(ground.readers, code, role),
  };
  plantMembers(sower);
  await plantWebhooks(sower);
  await plantSources(sower);
  await plantWarningLists(sower);
  const links = await plantExportLinks(sower);
  await plantAgreements(sower);
  await plantAlertRule(sower);
  await plantWatchLists(sower);
  for (const producer of PRODUCERS) {
    for (const tlp of TLPS) for (const to of NAMED) await plantReport(sower, producer, tlp, to);
  }
  await plantFormats(sower);
  await plantNewerVersion(sower);
  await plantMixedMarkings(sower);
  await plantWiderNames(sower);
  await plantPulled(sower);
  await plantSighting(sower);
  await plantRawContent(sower);
  await plantAdvisories(sower);
  await plantApprovals(sower);
  await plantRecall(sower);
  await plantIdentity(sower);
  const toWithdraw = await plantWhatIsWithdrawn(sower);
  const red = await plantRed(sower, people);
  await waitForAlert(sower);
  return { things: sower.things, toWithdraw, red, links };
}

/** Takes everything of it back, with a canary in the reason. */
export async function withdrawAll(ground: Ground, { canary, ids }: Planted["toWithdraw"]): Promise<void> {
  const reason = ground.canaries.plant("the reason of a withdrawal", "own", () => false);
  const api = readerOf(ground.readers, "SG", "officer").api;
  for (const id of ids) {
    const answer = await api.post(`/v1/objects/${id}/withdraw`, { reason: reason.text });
    if (answer.status !== 200) throw new Error(answer.text);
  }
  canary.withdrawn = true;
}
