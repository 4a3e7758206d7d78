import type { ObjectDraft } from "@suar/formats";
import {
  canonicalJson,
  findDanger,
  formatIssue,
  isObservable,
  isStixId,
  keyedId,
  keysOf,
  mapReferences,
  parseStixObject,
  type StixIssue,
  type StixObject,
  scoId,
} from "@suar/stix";
import { canonicalObservable } from "./canonical-observable.ts";
import { contentHash } from "./content-hash.ts";
import type { DraftContext, Normalized, NormalizeResult } from "./normalized.ts";

/** Of an object's errors, as many as a person would read. */
const MOST_TOLD = 5;

/** A STIX object: as the producer wrote it, or as a reader built it from a format that has no ids. */
export function normalizeObject(draft: ObjectDraft, context: DraftContext): NormalizeResult {
  const refuse = (code: string, reason: string): NormalizeResult => ({
    ok: false,
    reject: {
      index: draft.index,
      at: draft.at,
      code,
      reason,
      ...(isStixId(draft.object.id) && { id: draft.object.id.toLowerCase() }),
    },
  });
  const type = draft.object.type;
  if (typeof type !== "string") return refuse("no-type", "A STIX object needs a type");
  let object = withLowerCaseIds(draft.object);
  if (isObservable(type)) {
    const canonical = canonicalObservable(object);
    if (!canonical.ok) return refuse(canonical.code, `${canonical.path}: ${canonical.message}`);
    object = canonical.object;
  }
  // Without an id it is named by its canonical form, which what no object may hold has not.
  const danger = object.id === undefined ? findDanger(object) : undefined;
  if (danger !== undefined) return refuse(danger.code, reasonOf([danger]));
  const { completed, filled } = complete(object, type, draft.local, context);
  const parsed = parseStixObject(completed);
  if (!parsed.ok) {
    return refuse(parsed.issues[0]?.code ?? "invalid", reasonOf(parsed.issues));
  }
  return { ok: true, items: [item(draft, completed as StixObject, filled)] };
}

/** The first of what is wrong, each with its section, and how much more there is. */
function reasonOf(issues: readonly StixIssue[]): string {
  const told = issues.slice(0, MOST_TOLD).map(formatIssue).join("; ");
  const left = issues.length - MOST_TOLD;
  return left > 0 ? `${told}; and ${left} more` : told;
}

/** RFC 9562 §4 lets a UUID be written in both cases; one thing must not have two names. */
function withLowerCaseIds(object: Record<string, unknown>): Record<string, unknown> {
  const folded = mapReferences(object as StixObject, (id) => id.toLowerCase());
  return isStixId(object.id) ? { ...folded, id: object.id.toLowerCase() } : folded;
}

/** Gives what a reader built the properties that only Suar can give: id, creator and times. */
function complete(
  object: Record<string, unknown>,
  type: string,
  local: string | undefined,
  context: DraftContext,
): { completed: Record<string, unknown>; filled: string[] } {
  if (object.id !== undefined) return { completed: object, filled: [] };
  if (isObservable(type)) return { completed: { ...object, id: scoId(object as StixObject) }, filled: [] };
  const id = keyedId(context.idMac, type, context.producer, local ?? canonicalJson(object));
  const completed: Record<string, unknown> = {
    spec_version: "2.1",
    created_by_ref: context.producerIdentity,
    ...object,
    id,
  };
  const filled: string[] = [];
  const fill = (name: string): void => {
    if (completed[name] !== undefined) return;
    completed[name] = context.receivedAt;
    filled.push(name);
  };
  if (type !== "marking-definition") {
    fill("created");
    fill("modified");
  } else fill("created");
  if (type === "indicator") fill("valid_from");
  if (type === "report") fill("published");
  return { completed, filled };
}

function item(draft: ObjectDraft, object: StixObject, filled: readonly string[]): Normalized {
  return {
    index: draft.index,
    ...(draft.local !== undefined && { local: draft.local }),
    object,
    ...(draft.marking?.tlp !== undefined && { tlp: draft.marking.tlp }),
    ...(draft.marking?.pap !== undefined && { pap: draft.marking.pap }),
    contains: (draft.contains ?? []).map((id) => (isStixId(id) ? id.toLowerCase() : id)),
    ...(draft.to !== undefined && { to: draft.to }),
    generated: filled.includes("modified"),
    contentHash: contentHash(object, filled),
    keys: keysOf(object),
  };
}
