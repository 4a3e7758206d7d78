import { decide, type Organisation } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import { keyedId, type StixObject, suarId } from "@suar/stix";
import type { ReleaseItem, ReleaseOutcome } from "../context/release-item.ts";
import { type Group, groupReaders } from "../copies/copies.ts";
import { bearing, viewHash } from "../copies/copy-ids.ts";
import { readSights, Sights } from "../copies/sights.ts";
import { isTie } from "../decide/decisions.ts";
import { type CountedIndividuals, Individuals } from "../decide/individuals.ts";
import { factsOf, subjectOf } from "../decide/subject-of.ts";
import { Names } from "../judge/names.ts";
import { referencedFirst } from "../judge/order.ts";
import { selectSaidBefore } from "../store/inbox.ts";
import { readIndividuals } from "../store/individuals.ts";
import { Gathered } from "../victims/gathered.ts";
import { type KnownVictims, NO_VICTIMS } from "../victims/known-victims.ts";
import { readVictims } from "../victims/said-victims.ts";
import { type Addressee, type Letter, MOST_RED, type RedContext, saidKey, tooLarge } from "./letter.ts";
import { type RedItem, sortRed } from "./sort-red.ts";
import { findEarlier, takingBack } from "./take-back-earlier.ts";

/** Outcomes stand in the items' order; nobody gets an empty letter. `said`: what is TLP:RED from now on. */
export type JudgedRed = {
  outcomes: ReleaseOutcome[];
  letters: Letter[];
  said: readonly ReleaseItem[];
  individuals: readonly CountedIndividuals[];
};

/**
 * Judges what one submission says under TLP:RED, for each person whom it names. Reads and writes nothing else: a
 * dry run is this, and a release begins with it. What others stated, and what was released to organisations, is
 * looked at only for what the named people's organisations may know of; what colleagues sent to people, never. What its own
 * producer stated to organisations under the same ids is found, since it is taken back. Throws `too-large`.
 */
export async function judgeRedRelease(
  db: Queryable,
  context: RedContext,
  items: readonly ReleaseItem[],
): Promise<JudgedRed> {
  if (items.length > MOST_RED.objects) throw tooLarge();
  const { outcomes, stated } = sortRed(items, context);
  const names = new Names(stated.map(({ item }) => item.object));
  const inside = new Set(stated.map(({ item }) => item.object.id));
  // What it holds itself goes to the same people with it.
  const outside = [...names.all].filter((id) => !inside.has(id));
  const sights = new Sights(await readSights(db, context, outside));
  const before = await selectSaidBefore(
    db,
    context,
    stated.map(({ item }) => item.object.id),
  );
  const { producer, organisations } = context;
  const { known } = await readVictims(
    db,
    producer.id,
    Gathered.in(stated.map(({ item }) => item)),
    context.victims,
  );
  const victims = known.with(context.victims ?? NO_VICTIMS);
  const counted = await readIndividuals(db, context);
  const individuals = new Individuals(producer, organisations, counted);
  const letters = context.people.map((to): Letter => ({ to, objects: [], redacted: 0, said: [] }));
  for (const one of referencedFirst(stated, names)) {
    const told = letters.map((letter) => {
      if (before.has(saidKey(letter.to.inbox, one.item.object.id, one.said))) return "before";
      const named = names.of(one.item.object);
      return tell(
        letter,
        one,
        judgeRed(one, named, { sights, individuals, victims }, letter.to, context),
        context,
      );
    });
    outcomes[one.index] = outcomeOf(one, told, context.people);
  }
  const sent = letters.filter(({ objects }) => objects.length > 0);
  const said = stated.filter(({ index }) => outcomes[index]?.outcome !== "rejected");
  await tellOfEarlier(db, producer, said, outcomes);
  return {
    outcomes,
    letters: sent,
    said: said.map(({ item }) => item),
    individuals: individuals.added,
  };
}

async function tellOfEarlier(
  db: Queryable,
  producer: Organisation,
  said: readonly RedItem[],
  outcomes: ReleaseOutcome[],
): Promise<void> {
  const items = said.map(({ item }) => item);
  const earlier = await findEarlier(db, producer, items);
  for (const { index, item } of said) {
    const outcome = outcomes[index];
    if (outcome !== undefined && earlier.has(item.object.id)) outcomes[index] = takingBack(outcome);
  }
}

type RedKnown = { sights: Sights; individuals: Individuals; victims: KnownVictims };

/**
 * What one person may have of an object: the whole of it, a copy, or nothing. The submitter's word decides that it goes to
 * the person at all; across a border the policy of the pair says what of it, as for an organisation that is named. What
 * needs somebody's leave does not go: nobody else may read TLP:RED to give it.
 */
function judgeRed(
  { object, item }: RedItem,
  names: readonly string[],
  { sights, individuals, victims }: RedKnown,
  { organisation }: Addressee,
  { producer, policies, gate, now }: RedContext,
): Group | NotSent {
  if (isTie(object.type) && names.some((id) => isHidden(id, sights, organisation, producer)))
    return "withheld";
  const about = victims.of(item.object, false);
  const facts = factsOf(item.object, about);
  const { limits } = item;
  const saying = { tlp: "amber+strict", pap: item.pap, to: [organisation.code], producer, limits } as const;
  const individualsYtd = (exporter: string, importer: string) => individuals.ytd(exporter, importer);
  const border = { policies, now, individualsYtd };
  const outcome = decide(subjectOf(facts, saying), organisation, border);
  if (outcome.withheld) return "withheld";
  if (outcome.approvers.length > 0) return "needs-approval";
  const ruled = [{ readers: [organisation.id], outcome }];
  const keys = { redaction: gate.redactionKeys, author: suarId("identity", producer.code) };
  const [group] = groupReaders({ object, names, ruled, victims: about }, sights, {
    producer: producer.id,
    keys,
  });
  if (group === undefined) return "withheld";
  individuals.count([{ parts: [group] }]);
  return group;
}

function isHidden(id: string, sights: Sights, organisation: Organisation, producer: Organisation): boolean {
  const sight = sights.of(id);
  if (sight === undefined || organisation.id === producer.id) return false;
  return !sight.copies.some(({ readers }) => readers.includes(organisation.id));
}

type NotSent = "withheld" | "needs-approval";
type Told = "before" | "new" | NotSent;

function tell(
  letter: Letter,
  { object, item, said }: RedItem,
  may: Group | NotSent,
  context: RedContext,
): Told {
  if (typeof may === "string") return may;
  letter.objects.push(copyFor(object, may, letter.to, context));
  letter.said.push({ stixId: item.object.id, said });
  if (may.view !== undefined) letter.redacted += 1;
  return "new";
}

/** An id of its own, which is the same for whoever else of that organisation has the same copy. */
function copyFor(
  object: StixObject,
  { view, copy }: Group,
  { organisation }: Addressee,
  { gate, producer }: RedContext,
): StixObject {
  if (view === undefined || copy === undefined) return object;
  const parts = [String(producer.id), object.id, viewHash(gate, view), organisation.code];
  return bearing(copy, object, keyedId(gate.renditionMac, object.type, ...parts));
}

/** Whoever sends it is told of each whom it does not reach, and why: nobody else will. */
function outcomeOf({ item }: RedItem, told: readonly Told[], people: readonly Addressee[]): ReleaseOutcome {
  const { id } = item.object;
  const reason = told.flatMap((one, index) => whyNot(one, people[index])).join("; ");
  const isNew = told.includes("new");
  if (!isNew && !told.includes("before")) return { outcome: "rejected", id, code: "not-sent", reason };
  if (reason !== "")
    return { outcome: isNew ? "accepted" : "unchanged", id, code: "not-sent-to-all", reason };
  if (!told.includes("before")) return { outcome: "accepted", id };
  return isNew ? { outcome: "accepted", id, code: "shared-further" } : { outcome: "unchanged", id };
}

const WHY = {
  withheld: "is withheld from",
  "needs-approval": "would need an approval, and nobody else may read TLP:RED to give it, for",
} as const;

function whyNot(told: Told, to: Addressee | undefined): string[] {
  if (told === "before" || told === "new" || to === undefined) return [];
  return [`It ${WHY[told]} person:${to.person} (${to.organisation.code})`];
}
