import { compareTimestamps } from "../version/timestamp.ts";
import type { Report, Rule } from "./object-type.ts";

type Loose = Readonly<Record<string, unknown>>;

/** `later` must not be before `earlier`; where only one is given there is nothing to compare. */
export function notBefore(later: string, earlier: string): Rule<Loose> {
  return (object, report) => {
    const order = orderOf(object, later, earlier);
    if (order !== undefined && order < 0) report(`/${later}`, "order", `must not be before ${earlier}`);
  };
}

/** `later` must be after `earlier`. */
export function after(later: string, earlier: string): Rule<Loose> {
  return (object, report) => {
    const order = orderOf(object, later, earlier);
    if (order !== undefined && order <= 0) report(`/${later}`, "order", `must be after ${earlier}`);
  };
}

/** At least one of the properties must be there. */
export function atLeastOne(...properties: readonly string[]): Rule<Loose> {
  return (object, report) => {
    if (properties.some((property) => object[property] !== undefined)) return;
    report("", "missing-property", `needs at least one of ${properties.join(", ")}`);
  };
}

/** Exactly one of the two must be there. */
export function exactlyOne(a: string, b: string): Rule<Loose> {
  return (object, report) => {
    if ((object[a] === undefined) === (object[b] === undefined)) {
      report("", "exactly-one", `needs exactly one of ${a} and ${b}`);
    }
  };
}

/** Where `property` is given, `needed` must be too. */
export function needs(property: string, needed: string): Rule<Loose> {
  return (object, report) => {
    if (object[property] !== undefined && object[needed] === undefined) {
      report(`/${needed}`, "missing-property", `is needed with ${property}`);
    }
  };
}

type Referring = {
  external_references?: { source_name: string; external_id?: string | undefined }[] | undefined;
};

/** An external id of a form that belongs to one source must be said to be from it. */
export function referenceNamesSource(form: RegExp, source: string): Rule<Referring> {
  return ({ external_references: references }, report) => {
    references?.forEach(({ source_name: name, external_id: id }, n) => {
      if (id === undefined || !form.test(id) || name === source) return;
      report(`/external_references/${n}/source_name`, "invalid-value", `must be ${source} for ${id}`);
    });
  };
}

const FRAME: ReadonlySet<string> = new Set([
  "type",
  "id",
  "spec_version",
  "object_marking_refs",
  "granular_markings",
  "defanged",
  "created_by_ref",
  "created",
  "modified",
  "revoked",
  "labels",
  "confidence",
  "lang",
  "external_references",
]);

/** At least one property besides those that every object of the family has; an extension counts. */
export function ownProperty(object: Loose, report: Report): void {
  for (const property of Object.keys(object)) if (!FRAME.has(property)) return;
  report("", "missing-property", "needs at least one property of its own");
}

function orderOf(object: Loose, later: string, earlier: string): number | undefined {
  const a = object[later];
  const b = object[earlier];
  return typeof a === "string" && typeof b === "string" ? compareTimestamps(a, b) : undefined;
}
