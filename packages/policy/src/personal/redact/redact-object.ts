import type { StixObject } from "@suar/stix";
import { type Operation, stricterOperation } from "../../pairs/operation.ts";
import type { PiiClass } from "../../personal-data.ts";
import { allowListOf } from "../allow/allow-list.ts";
import type { PersonalContext } from "../allow/shape.ts";
import { resolvedShape, type Shape, shapeOfMember } from "../allow/shape.ts";
import { findingsInKey } from "../field-spans.ts";
import { asStix } from "./as-stix.ts";
import { removed } from "./marker.ts";
import type { PersonalRedaction, RedactionKeys } from "./operation.ts";
import { GONE, LOST, redactField } from "./redact-field.ts";
import { redactProse } from "./redact-prose.ts";
import type { Operations } from "./redact-text.ts";

type Redacting = {
  object: StixObject;
  keys: RedactionKeys;
  operations: ReadonlyMap<string, Operations>;
  context: PersonalContext;
};

const NOBODYS: PersonalContext = {};

/** A member, what the allow-list says of it, and where it stands. */
type Member = {
  value: unknown;
  shape: Shape | undefined;
  path: string;
  name: string | undefined;
  inList: boolean;
};

/**
 * A copy of an object without the personal data at the given places; undefined where nothing is left that says
 * anything, or that would still be STIX. The object given is not touched, and its id stays: naming the copy is the
 * gate's. What is asked for places that are not there is nothing. `known`: by what it was found.
 */
export function redactObject(
  object: StixObject,
  redactions: readonly PersonalRedaction[],
  keys: RedactionKeys,
  known: PersonalContext = NOBODYS,
): StixObject | undefined {
  if (redactions.length === 0) return object;
  if (redactions.some(({ path, class: kind }) => path === "/type" && kind === "unlisted")) return undefined;
  const operations = operationsByPath(redactions);
  // Whoever is redacted as a victim was found to be one.
  const context = contextOf(object, known);
  const inProse = redactProse(object, operations, keys, context);
  if (inProse !== undefined) return inProse;
  const redacting: Redacting = {
    object,
    keys,
    operations,
    context,
  };
  const root = { value: object, shape: allowListOf(object.type), path: "", name: undefined, inList: false };
  const copy = redactMembers(redacting, object, root);
  return copy === LOST || copy === GONE ? undefined : asStix(copy as StixObject);
}

let last: { object: StixObject; known: PersonalContext; context: PersonalContext } | undefined;

/** All copies of an object are made one after the other. */
function contextOf(object: StixObject, known: PersonalContext): PersonalContext {
  if (last?.object === object && last.known === known && last.context.victims?.has(object.id))
    return last.context;
  const context = { ...known, victims: new Set([...(known.victims ?? []), object.id]) };
  last = { object, known, context };
  return context;
}

/** An outcome is that of thousands of objects. */
const sorted = new WeakMap<readonly PersonalRedaction[], ReadonlyMap<string, Operations>>();

function operationsByPath(redactions: readonly PersonalRedaction[]): ReadonlyMap<string, Operations> {
  const known = sorted.get(redactions);
  if (known !== undefined) return known;
  const byPath = sortByPath(redactions);
  sorted.set(redactions, byPath);
  return byPath;
}

function sortByPath(redactions: readonly PersonalRedaction[]): Map<string, Map<PiiClass, Operation>> {
  const byPath = new Map<string, Map<PiiClass, Operation>>();
  for (const { path, op, class: kind } of redactions) {
    const at = byPath.get(path) ?? new Map<PiiClass, Operation>();
    const known = at.get(kind);
    at.set(kind, known === undefined ? op : stricterOperation(known, op));
    byPath.set(path, at);
  }
  return byPath;
}

function redactMembers(redacting: Redacting, value: object, at: Member): unknown {
  const shape = resolvedShape(at.shape, value, redacting.context);
  const inList = Array.isArray(value);
  const left: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value)) {
    const next = inList ? shape : shapeOfMember(shape, key);
    const path = `${at.path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (!inList && isKeyRedacted(redacting, at.path, key, shape)) continue;
    const name = inList ? at.name : key;
    const result = redactMember(redacting, { value: member, shape: next, path, name, inList });
    if (result === LOST) return LOST;
    if (result !== GONE) left.push([key, result]);
  }
  if (inList) return left.map(([, member]) => member);
  return left.length === 0 && Object.keys(value).length > 0 && !at.inList ? GONE : Object.fromEntries(left);
}

function redactMember(redacting: Redacting, at: Member): unknown {
  const { value, shape, path, name, inList } = at;
  const operations = redacting.operations.get(path);
  const isContainer = typeof value === "object" && value !== null;
  // At a container that is listed itself, `unlisted` speaks of keys in it.
  if (operations?.has("unlisted") === true && !(isContainer && shape !== undefined))
    return inList ? removed("unlisted") : GONE;
  if (isContainer) return redactMembers(redacting, value, at);
  if (operations === undefined) return value;
  if (typeof value !== "string") return typeof value === "number" && shape === undefined ? GONE : value;
  const kind = typeof shape === "string" ? shape : undefined;
  return redactField(
    value,
    { kind, key: name, object: redacting.object, context: redacting.context },
    operations,
    redacting.keys,
    inList,
  );
}

/** A key that holds personal data goes with what stands under it, whatever is to be done with either. */
function isKeyRedacted(
  { operations, context }: Redacting,
  path: string,
  key: string,
  shape: Shape | undefined,
): boolean {
  if (!operations.has(path) || (typeof shape === "object" && Object.hasOwn(shape, key))) return false;
  return findingsInKey(key, context).length > 0;
}
