import { AppError } from "@suar/contract";
import { planVictims, type ReleaseContext } from "@suar/gate";
import type { Realm } from "@suar/runtime";
import type { SubmissionOptions } from "@suar/submit";
import { Fenced } from "../fenced.ts";
import type { Staging } from "../stage/staging.ts";
import type { StagedPlace } from "../store/staged.ts";
import { putNames, selectBehind } from "../store/staged-name.ts";
import { SaidNames } from "./joined-names.ts";
import { markPortion, underFinalIds } from "./plan-release.ts";
import { statedIn } from "./stated.ts";

/** A marking goes from one portion to another at most so often: an input that needs more was made for it. */
const MOST_ROUNDS = 32;
const SIXTEENTHS = [..."0123456789abcdef"];

type Joining = {
  realm: Realm;
  submissionId: string;
  staging: Staging;
  options: SubmissionOptions;
  context: ReleaseContext;
  mayGoOn(): boolean;
};

/**
 * Lets all portions of a submission know what each says, before any is released: of a name that several hold the strictest
 * marking of all holds, and what that marks in turn; what one calls a victim's is one in all. Holds a portion at a time.
 * Throws Fenced when it may not go on, and `too-large` where portions hang together without end.
 */
export async function joinPortions(joining: Joining): Promise<void> {
  const places = await joining.staging.places();
  const portions = [...Map.groupBy(places, ({ portion }) => portion).values()];
  for (const places of portions) await say(joining, places, "first");
  for (let round = 0; ; round++) {
    const behind = await portionsBehind(joining);
    if (behind.size === 0) return;
    if (round >= MOST_ROUNDS)
      throw new AppError("too-large", "Its parts mark one another without end: send them apart");
    // Back and forth by turns, so that a chain is gone along in whichever direction it runs.
    const order = round % 2 === 0 ? portions : portions.toReversed();
    for (const places of order) if (behind.has(places[0]?.portion ?? 0)) await say(joining, places, "again");
  }
}

async function say(joining: Joining, places: readonly StagedPlace[], time: "first" | "again"): Promise<void> {
  const { realm, submissionId, staging, options, mayGoOn } = joining;
  if (!mayGoOn()) throw new Fenced();
  const said = new SaidNames();
  const shapes = await staging.shapesOf(places);
  const stated = statedIn(realm.write, joining.context, submissionId);
  const { markings, ids } = await markPortion(shapes, options, stated);
  for (const [id, marking] of markings) said.mark(id, marking);
  for (const { id, unknown } of shapes) if (unknown) said.markUnknown(id);
  if (time === "first") {
    const pages = underFinalIds(() => staging.pages(places), ids);
    said.addVictims(await planVictims(realm.write, joining.context, pages));
  }
  await putNames(realm.write, submissionId, places[0]?.portion ?? 0, said.rows);
}

async function portionsBehind({ realm, submissionId, mayGoOn }: Joining): Promise<ReadonlySet<number>> {
  const behind = new Set<number>();
  for (const digit of SIXTEENTHS) {
    if (!mayGoOn()) throw new Fenced();
    const [first, last] = [ofOneDigit(digit, "0"), ofOneDigit(digit, "f")];
    for (const portion of await selectBehind(realm.write, submissionId, { first, last })) behind.add(portion);
  }
  return behind;
}

function ofOneDigit(first: string, rest: string): string {
  return [8, 4, 4, 4, 12]
    .map((length) => rest.repeat(length))
    .join("-")
    .replace(/^./, first);
}
