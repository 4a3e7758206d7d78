import type { StixObject } from "@suar/stix";
import type { PiiClass, PiiFinding } from "../personal-data.ts";
import { allowListOf } from "./allow/allow-list.ts";
import { type PersonalContext, resolvedShape, type Shape, shapeOfMember } from "./allow/shape.ts";
import { findingsInField, findingsInKey } from "./field-spans.ts";

/** Deeper than any object that `parseStixObject` accepts. */
const DEEPEST = 66;

/**
 * The keys that lead to a place, the last first; without an `up` it is the object itself. All below a `closed` one is
 * told of as standing there: the way to it would be personal data.
 */
type Place = { key: string; up: Place | undefined; closed?: boolean };

const ROOT: Place = { key: "", up: undefined };

type Walk = { object: StixObject; context: PersonalContext; findings: Map<string, PiiFinding> };

const NO_CONTEXT: PersonalContext = {};

/**
 * The personal data in an object, and what the allow-list of its type does not know: every string is looked at,
 * at any depth, and every key that its producer chose. Sorted, and unique by path and class.
 *
 * A key that is somebody's number is told of at the place of its dictionary: a path would hand it on.
 */
export function findPersonalData(object: StixObject, context: PersonalContext = NO_CONTEXT): PiiFinding[] {
  const walk: Walk = { object, context, findings: new Map() };
  const shape = allowListOf(object.type);
  // Of a type that STIX does not define all is looked at, and nothing is listed: it crosses no border as a whole.
  if (shape === undefined) add(walk, { key: "type", up: ROOT }, "unlisted", 0);
  visitMembers(walk, object, shape, ROOT, 1);
  return sorted([...walk.findings.values()]);
}

function visitMembers(walk: Walk, value: object, given: Shape | undefined, up: Place, depth: number): void {
  const shape = resolvedShape(given, value, walk.context);
  const isList = Array.isArray(value);
  // Not `for … in`: what is compiled for it is thrown away and compiled anew, for as long as objects of several forms come.
  for (const key of Object.keys(value)) {
    const member: unknown = value[key as keyof typeof value];
    const chosen = !isList && isChosen(shape, key);
    const next = isList ? shape : shapeOfMember(shape, key);
    if (next === "plain" && !chosen && typeof member !== "object") continue;
    const hidden = chosen && visitKey(walk, key, up);
    const place = up.closed === true ? up : hidden ? { ...up, closed: true } : { key, up };
    // Below what is unlisted nothing is told again.
    const unlisted = next === undefined && typeof shape === "object" && !("*" in shape);
    if (unlisted) add(walk, place, "unlisted", 0);
    visit(walk, member, next, place, depth);
  }
}

function isChosen(shape: Shape | undefined, key: string): boolean {
  return typeof shape !== "object" || !Object.hasOwn(shape, key);
}

function visit(walk: Walk, member: unknown, shape: Shape | undefined, place: Place, depth: number): void {
  if (typeof member === "string") visitText(walk, member, shape, place);
  else if (typeof member === "number" && shape === undefined) visitText(walk, String(member), shape, place);
  else if (typeof member === "object" && member !== null && depth < DEEPEST)
    visitMembers(walk, member, shape, place, depth + 1);
}

function visitText(walk: Walk, text: string, shape: Shape | undefined, place: Place): void {
  if (shape === "plain") return;
  const kind = typeof shape === "string" ? shape : undefined;
  const { spans, whole } = findingsInField(text, {
    kind,
    key: kind === undefined ? nameOf(place) : undefined,
    object: walk.object,
    context: walk.context,
  });
  if (whole !== undefined) add(walk, place, whole, 1);
  if (spans.length === 0) return;
  const seen = new Set<string>();
  for (const { class: kindOfData, start, end } of spans) {
    const who = `${kindOfData} ${text.slice(start, end).toLowerCase()}`;
    if (!seen.has(who)) add(walk, place, kindOfData, 1);
    seen.add(who);
  }
}

/** The name of the field that a text stands in: of a list its own. */
function nameOf(place: Place): string {
  let at = place;
  while (at.up !== undefined && /^\d+$/.test(at.key)) at = at.up;
  return at.key;
}

/** Whether a key that its producer chose is personal data itself. */
function visitKey(walk: Walk, key: string, up: Place): boolean {
  const spans = findingsInKey(key, walk.context);
  for (const { class: kind } of spans) add(walk, up, kind, 1);
  return spans.length > 0;
}

function add({ findings }: Walk, place: Place, kind: PiiClass, individuals: number): void {
  const path = pathOf(place);
  const name = `${path}\u0000${kind}`;
  const known = findings.get(name);
  if (known === undefined) findings.set(name, { path, class: kind, individuals });
  else known.individuals += individuals;
}

function pathOf(place: Place): string {
  let path = "";
  for (let at = place; at.up !== undefined; at = at.up)
    path = `/${at.key.replaceAll("~", "~0").replaceAll("/", "~1")}${path}`;
  return path;
}

function sorted(findings: PiiFinding[]): PiiFinding[] {
  if (findings.length < 2) return findings;
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return findings.sort((a, b) => order(a.path, b.path) || order(a.class, b.class));
}
