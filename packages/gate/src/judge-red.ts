import type { Organisation } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import { type StixObject, suarId } from "@suar/stix";
import { groupReaders, redacted, type View } from "./copies.ts";
import { type Addressee, type Letter, MOST_RED, type RedContext, saidKey, tooLarge } from "./letter.ts";
import { Names } from "./names.ts";
import { referencedFirst } from "./order.ts";
import { shownId } from "./redaction.ts";
import type { ReleaseItem, ReleaseOutcome } from "./release-item.ts";
import { readSights, Sights } from "./sights.ts";
import { type RedItem, sortRed } from "./sort-red.ts";
import { selectSaidBefore } from "./store/inbox.ts";

/** Outcomes stand in the items' order; nobody gets an empty letter. */
export type JudgedRed = { outcomes: ReleaseOutcome[]; letters: Letter[] };

/**
 * Judges what one submission says under TLP:RED, for each person whom it names. Reads and writes nothing else: a
 * dry run is this, and a release begins with it. What others stated, and what was released to organisations, is
 * looked at only for what the named people's organisations may know of; what colleagues sent to people, never. Throws
 * `too-large`.
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
  const letters = context.people.map((to): Letter => ({ to, objects: [], redacted: 0, said: [] }));
  for (const one of referencedFirst(stated, names)) {
    const told = letters.map((letter) => {
      if (before.has(saidKey(letter.to.inbox, one.item.object.id, one.said))) return "before";
      return tell(
        letter,
        one,
        judgeRed(one.object, names.of(one.item.object), sights, letter.to, context),
        context,
      );
    });
    outcomes[one.index] = outcomeOf(one, told);
  }
  return { outcomes, letters: letters.filter(({ objects }) => objects.length > 0) };
}

/**
 * What one person may have of an object: the whole of it, a copy that does not name what the person's organisation
 * may not know of, or nothing. The submitter's word decides that it goes to the person at all; here is the place
 * where policy is asked for the person's organisation.
 */
function judgeRed(
  object: StixObject,
  names: readonly string[],
  sights: Sights,
  { organisation }: Addressee,
  { producer }: RedContext,
): { view: View | undefined } | undefined {
  const readers = [organisation.id];
  if (isTie(object.type) && names.some((id) => isHidden(id, sights, organisation, producer)))
    return undefined;
  const [group] = groupReaders({ object, names, readers }, sights, producer.id);
  return group;
}

/** A relationship or a sighting tells of what it ties (STIX 2.1 §5). */
function isTie(type: string): boolean {
  return type === "relationship" || type === "sighting";
}

function isHidden(id: string, sights: Sights, organisation: Organisation, producer: Organisation): boolean {
  const sight = sights.of(id);
  if (sight === undefined || organisation.id === producer.id) return false;
  return !sight.copies.some(({ readers }) => readers.includes(organisation.id));
}

type Told = "before" | "new" | "withheld";

function tell(
  letter: Letter,
  { object, item, said }: RedItem,
  may: { view: View | undefined } | undefined,
  context: RedContext,
): Told {
  if (may === undefined) return "withheld";
  const copy = may.view === undefined ? object : copyFor(object, may.view, letter.to, context);
  if (copy === undefined) return "withheld";
  letter.objects.push(copy);
  letter.said.push({ stixId: item.object.id, said });
  if (may.view !== undefined) letter.redacted += 1;
  return "new";
}

function copyFor(object: StixObject, view: View, { organisation }: Addressee, context: RedContext) {
  const id = shownId(context, object, [organisation.id]);
  return redacted(object, view, { id, author: suarId("identity", context.producer.code) });
}

function outcomeOf({ item }: RedItem, told: readonly Told[]): ReleaseOutcome {
  const { id } = item.object;
  if (!told.includes("before")) return { outcome: "accepted", id };
  return told.includes("new")
    ? { outcome: "accepted", id, code: "shared-further" }
    : { outcome: "unchanged", id };
}
