import {
  factsOf,
  isTie,
  type ObjectFacts,
  type PlannedItem,
  type PlannedVictims,
  victimNamesOf,
  victimsIn,
} from "@suar/gate";
import { effectiveMarkings, type Markings, ownMarkings } from "@suar/policy";
import { Slices } from "@suar/runtime";
import { mapReferences, typeOfId } from "@suar/stix";
import type { SubmissionOptions } from "@suar/submit";
import type { StagedItem, StagedShape } from "../stage/staged-item.ts";
import type { JoinedNames } from "./joined-names.ts";
import { TableMarkings } from "./table-markings.ts";
import { type StoredMarking, widerContents } from "./wider-contents.ts";

/** How objects that refer to one another are released: under which markings, under which ids, and to whom. */
export type Plan = {
  markings: Pick<ReadonlyMap<string, Markings>, "get">;
  /** Whether a record of the id bears a marking that is not known. */
  isUnknown(id: string): boolean;
  /** What each container holds that its producer released before under a wider marking. */
  wider: ReadonlyMap<string, readonly StoredMarking[]>;
  /** The final id of each name that records of the submission use for one another; none in a table. */
  ids: ReadonlyMap<string, string>;
  /** What is known to be victims'; undefined where objects say nothing of one another. */
  victims: PlannedVictims | undefined;
  /** Who will have each object whole; undefined where nothing names anything. */
  readers: ReadonlyMap<string, readonly number[]> | undefined;
};

type StatedObject = Pick<StagedItem, "object" | "keys">;
/** A submission's objects, from the first on: what is known of them all is known after the first time. */
export type Pages = () => AsyncIterable<readonly StatedObject[]> | Iterable<readonly StatedObject[]>;

/** What was stated before, as far as a submission touches it. */
export type Stated = {
  markings(ids: readonly string[]): Promise<readonly StoredMarking[]>;
  /** What it says of these objects together with them. */
  victims(pages: AsyncIterable<readonly StatedObject[]>): Promise<PlannedVictims>;
  readers(
    items: readonly PlannedItem[],
    refused: readonly string[],
  ): Promise<ReadonlyMap<string, readonly number[]>>;
  /** What the other portions of the same submission say of names; absent where there are none. */
  joined?: ReadNames | undefined;
};

type ReadNames = (names: readonly string[]) => Promise<JoinedNames>;

/**
 * Works out over everything staged what no object knows by itself (DESIGN 1.2: a RED report late in a file must
 * mark the children read before it): effective markings, and who may know of what.
 */
export async function planRelease(
  all: readonly StagedShape[],
  pages: Pages,
  options: SubmissionOptions,
  stated: Stated,
): Promise<Plan> {
  const shapes = all.filter(({ refused }) => refused === undefined);
  const { markings, ids, joined, stored } = await markPortion(all, options, stated);
  const unknown = new Set(
    all.flatMap(({ id, ...shape }) => (shape.unknown || joined?.isUnknown(id) ? [id] : [])),
  );
  const containers = shapes.map(({ id, contains }) => {
    return { id, contains: contains.map((name) => ids.get(name) ?? name) };
  });
  const wider = widerContents(containers, markings, stored);
  const { victims, facts } = await readFacts(pages, ids, stated);
  const items = shapes.flatMap(({ id, refs, to: own }): PlannedItem[] => {
    const { tlp, pap } = markings.get(id) ?? {};
    if (tlp === undefined || tlp === "red") return [];
    const names = refs.map((name) => ids.get(name) ?? name);
    const to = addressees(options, own);
    return (facts.get(id) ?? []).map((said) => ({
      id,
      facts: said,
      tlp,
      pap,
      to,
      names,
      limits: options.limits,
    }));
  });
  const taken = new Set(items.map(({ id }) => id));
  const refused = all.flatMap(({ id, held, earlier }) => (held || earlier || taken.has(id) ? [] : [id]));
  const readers = await stated.readers(items, refused);
  return { markings, isUnknown: (id) => unknown.has(id), wider, ids, victims, readers };
}

/**
 * The markings of a submission, or of a portion of it with what the others say, as far as they are known; the final id of
 * each name that its records use; and how that stands which they name and do not hold.
 */
export async function markPortion(
  all: readonly StagedShape[],
  options: SubmissionOptions,
  stated: Pick<Stated, "markings" | "joined">,
): Promise<{
  markings: Map<string, Markings>;
  ids: ReadonlyMap<string, string>;
  joined: JoinedNames | undefined;
  stored: readonly StoredMarking[];
}> {
  const shapes = all.filter(({ refused }) => refused === undefined);
  const ids = finalIds(all);
  const final = (names: readonly string[]): string[] => names.map((name) => ids.get(name) ?? name);
  const [ends, held] = [final(outsideEnds(shapes)), final(outsideContents(shapes))];
  const outside = [...new Set([...ends, ...held])];
  const stored = await stated.markings(outside);
  const isEnd = new Set(ends);
  const given = stored.flatMap(({ stix_id: id, tlp }) => (isEnd.has(id) ? [{ id, own: { tlp } }] : []));
  if (stated.joined === undefined)
    return { markings: markAll(all, ids, given, options), ids, joined: undefined, stored };
  const names = [...new Set([...all.map(({ id }) => id), ...outside])];
  const joined = await stated.joined(names);
  const said = names.map((id) => ({ id, own: joined.markingOf(id) }));
  return { markings: markAll(all, ids, [...given, ...said], options), ids, joined, stored };
}

/**
 * The same for a table, whose rows refer to nothing: of what it says more than once, the strictest marking of all
 * its rows holds, those that were rejected among them.
 */
export async function planTable(
  pages: AsyncIterable<readonly StagedShape[]> | Iterable<readonly StagedShape[]>,
  options: SubmissionOptions,
): Promise<Plan> {
  const table = new TableMarkings();
  for await (const shapes of pages) for (const shape of shapes) table.note(shape);
  return {
    markings: { get: (id) => ownMarkings(table.of(id), options) },
    isUnknown: (id) => table.isUnknown(id),
    wider: new Map(),
    ids: new Map(),
    victims: undefined,
    readers: undefined,
  };
}

/**
 * Whose the things are that objects speak of, and what policy asks of each object: known over all of them alone and what
 * was stated before, since one says of another that it is a victim's.
 */
async function readFacts(
  pages: Pages,
  ids: ReadonlyMap<string, string>,
  stated: Stated,
): Promise<{ victims: PlannedVictims; facts: ReadonlyMap<string, ObjectFacts[]> }> {
  const own = await stated.victims(underFinalIds(pages, ids));
  const victims = stated.joined ? await withOthers(own, underFinalIds(pages, ids), stated.joined) : own;
  const facts = new Map<string, ObjectFacts[]>();
  const slices = new Slices();
  for await (const page of underFinalIds(pages, ids))
    for (const { object } of page) {
      if (slices.over) await slices.next();
      const said = factsOf(object, victimsIn(object, victims, false));
      facts.set(object.id, [...(facts.get(object.id) ?? []), said]);
    }
  return { victims, facts };
}

/** And what other portions call a victim's, as far as objects of this one are about it. */
async function withOthers(
  { names, named, attackers }: PlannedVictims,
  pages: AsyncIterable<readonly StatedObject[]>,
  others: ReadNames,
): Promise<PlannedVictims> {
  const all = { names: new Set(names), named: new Set(named), attackers };
  for await (const page of pages) {
    const held = [...new Set(page.flatMap(({ object }) => victimNamesOf(object)))];
    const joined = await others(held);
    for (const name of held) {
      if (joined.isVictim(name)) all.names.add(name);
      if (joined.isNamed(name)) all.named.add(name);
    }
  }
  return all;
}

export async function* underFinalIds(
  pages: Pages,
  ids: ReadonlyMap<string, string>,
): AsyncGenerator<StatedObject[]> {
  for await (const page of pages())
    yield page.map(({ object, keys }) => ({
      object: mapReferences(object, (name) => ids.get(name) ?? name),
      keys,
    }));
}

/** Whom an object is for: those whom the submission names, and those whom its own content does. */
export function addressees({ to }: SubmissionOptions, own: readonly string[] = []): readonly string[] {
  return own.length === 0 ? to : [...new Set([...to, ...own])];
}

function finalIds(shapes: readonly StagedShape[]): Map<string, string> {
  const ids = new Map<string, string>();
  for (const { local, id } of shapes) if (local !== undefined) ids.set(local, id);
  for (const { id, refused } of shapes) if (refused === undefined) ids.set(id, id);
  return ids;
}

function markAll(
  shapes: readonly StagedShape[],
  ids: ReadonlyMap<string, string>,
  others: readonly { id: string; own: Markings }[],
  defaults: Pick<SubmissionOptions, "tlp" | "pap">,
): Map<string, Markings> {
  const final = (names: readonly string[]): string[] => names.map((name) => ids.get(name) ?? name);
  const nodes = shapes.map(({ id, tlp, pap, contains, refs }) => ({
    id,
    own: { ...(tlp && { tlp }), ...(pap && { pap }) },
    contains: final(contains),
    refs: final(refs),
    isRelationship: isTie(typeOfId(id)),
  }));
  const outside = others.map(({ id, own }) => ({ id, own, contains: [], refs: [], isRelationship: false }));
  return effectiveMarkings([...nodes, ...outside], {
    ...(defaults.tlp && { tlp: defaults.tlp }),
    ...(defaults.pap && { pap: defaults.pap }),
  });
}

/** Ends of relationships and sightings that the submission does not hold: perhaps stated earlier. */
function outsideEnds(shapes: readonly StagedShape[]): string[] {
  const inside = namesInside(shapes);
  const ends = shapes.filter(({ id }) => isTie(typeOfId(id))).flatMap((shape) => shape.refs);
  return [...new Set(ends)].filter((id) => !inside.has(id));
}

/** What its containers hold and it does not state itself. */
function outsideContents(shapes: readonly StagedShape[]): string[] {
  const inside = namesInside(shapes);
  return shapes.flatMap(({ contains }) => contains).filter((id) => !inside.has(id));
}

/** Whether anything of a submission names what the submission does not hold. */
export function namesOthers(shapes: readonly StagedShape[]): boolean {
  const inside = namesInside(shapes);
  return shapes.some(({ refs }) => refs.some((name) => !inside.has(name)));
}

function namesInside(shapes: readonly StagedShape[]): ReadonlySet<string> {
  return new Set(shapes.flatMap(({ id, local }) => (local === undefined ? [id] : [id, local])));
}
