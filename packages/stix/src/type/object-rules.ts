import { typeOfId } from "../name/identifier.ts";
import { checkSelectors } from "../reference/selector.ts";
import { pointer, type StixObject } from "../stix-object.ts";
import { compareTimestamps, isTimestamp } from "../version/timestamp.ts";
import { BorrowedProperties } from "./object-properties.ts";
import type { Report, Rule } from "./object-type.ts";
import { hasKeys } from "./property-types.ts";

/* What holds in every object, whatever its type. */

/** §3.8: kept for later revisions, so never the name of a custom property. */
const RESERVED: ReadonlySet<string> = new Set(["severity", "username", "phone_number", "action"]);
/** §3.1, §11.1: names of properties begin with a letter. */
const PROPERTY_NAME = /^[a-z][a-z0-9_]{2,249}$/;

/** Properties that a type defines, those of §3.2 that it must not carry, and all others: custom ones. */
export function namesBelong(
  defined: ReadonlySet<string>,
  refused: ReadonlySet<string>,
): Rule<Readonly<Record<string, unknown>>> {
  return (object, report) => {
    for (const name in object) {
      if (defined.has(name)) continue;
      const refuse = (code: string, message: string, section: string): void =>
        report(pointer([name]), code, message, section);
      if (refused.has(name)) refuse("not-allowed", `does not belong on ${object.type}`, "3.2");
      else if (RESERVED.has(name)) refuse("reserved-name", "is reserved by the specification", "3.8");
      else if (!PROPERTY_NAME.test(name)) refuse("property-name", "is not the name of a property", "3.1");
    }
  };
}

/** §3.2: an observable need not carry the properties of a version, but may not give their names to others (§11.1). */
export function borrowedPropertiesFit(object: StixObject, report: Report): void {
  if (!BORROWED.some((name) => object[name] !== undefined)) return;
  for (const { path, message } of BorrowedProperties.safeParse(object).error?.issues ?? []) {
    report(pointer(path), "invalid-format", message, "3.2");
  }
}

const BORROWED = Object.keys(BorrowedProperties.shape);

export const OBJECT_RULES: readonly Rule<StixObject>[] = [
  idNamesType,
  modifiedAfterCreated,
  nothingIsEmpty,
  checkSelectors,
];

/** §2.9 */
function idNamesType({ id, type }: StixObject, report: Report): void {
  if (typeOfId(id) !== type) report("/id", "id-type", `must begin with ${type}--`);
}

/**
 * §2.3, §2.12: nothing is no substitute for leaving a property out, be it a custom one. Only within what custom
 * properties hold is it let pass: ATT&CK has such lists.
 */
function nothingIsEmpty(object: StixObject, report: Report): void {
  for (const name of Object.keys(object)) {
    const value = object[name];
    if (value === null) report(pointer([name]), "empty", "must not be null", "2");
    else if (typeof value !== "object" || hasKeys(value)) continue;
    else if (Array.isArray(value)) report(pointer([name]), "empty", "a list must not be empty", "2.12");
    else report(pointer([name]), "empty", "a dictionary must not be empty", "2.3");
  }
}

function isTime(value: unknown): value is string {
  return typeof value === "string" && isTimestamp(value);
}

/** §3.6: the first version's instant, or a later one. */
function modifiedAfterCreated({ created, modified }: StixObject, report: Report): void {
  // Those of an observable are not its schema's.
  if (!isTime(created) || !isTime(modified)) return;
  if (compareTimestamps(modified, created) < 0)
    report("/modified", "order", "must not be before created", "3.6");
}
