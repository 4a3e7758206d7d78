import { customTypeOf } from "./custom-object.ts";
import { typeOfId } from "./identifier.ts";
import type { ObjectType, Report } from "./object-type.ts";
import { OBJECT_TYPES } from "./object-types.ts";
import { schemaIssues, sectionOf } from "./schema-issues.ts";
import { checkSelectors } from "./selector.ts";
import type { StixIssue, StixObject } from "./stix-object.ts";
import { findDanger } from "./structure.ts";
import { compareTimestamps } from "./timestamp.ts";

export type ParseOptions = {
  /** How many issues to report at most; 50 unless told, so that one bad file cannot fill a database. */
  maxIssues?: number;
  /** Set when a whole bundle has been searched for dangers already. */
  trusted?: boolean;
};
export type ParseResult = { ok: true; object: StixObject } | { ok: false; issues: StixIssue[] };

/** §3.8: kept for later revisions, so never the name of a custom property. */
const RESERVED: ReadonlySet<string> = new Set(["severity", "username", "phone_number", "action"]);
/** §3.1, §11.1: names of properties. */
const PROPERTY_NAME = /^[a-z0-9_]{3,250}$/;

/**
 * Validates one STIX 2.1 object. On success `object` is `value` itself, untouched: unknown properties,
 * extensions and the original text of timestamps all survive.
 *
 * Codes: `not-an-object`, `forbidden-key`, `too-deep`, `unknown-type`, `missing-property`, `invalid-type`,
 * `invalid-value`, `invalid-format`, `out-of-range`, `empty`, `not-allowed`, `reserved-name`,
 * `property-name`, `id-type`, `order`, `exactly-one`, `missing-reference`, `selector`, `pattern`.
 */
export function parseStixObject(value: unknown, options: ParseOptions = {}): ParseResult {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse({ code: "not-an-object", path: "", message: "must be a JSON object", section: "3" });
  }
  const danger = options.trusted === true ? undefined : findDanger(value);
  if (danger !== undefined) return refuse(danger);
  const object = value as StixObject;
  const definition = definitionOf(object);
  if (definition === undefined) {
    return refuse({
      code: "unknown-type",
      path: "/type",
      message: "is not a type of STIX 2.1",
      section: "3.2",
    });
  }
  const parsed = definition.schema.safeParse(object);
  const issues = parsed.success
    ? ruleIssues(object, definition)
    : schemaIssues(parsed.error, object, definition);
  if (issues.length === 0) return { ok: true, object };
  return { ok: false, issues: issues.slice(0, options.maxIssues ?? 50) };
}

function definitionOf(object: StixObject): ObjectType | undefined {
  if (typeof object.type !== "string") return undefined;
  return OBJECT_TYPES.get(object.type) ?? customTypeOf(object);
}

/** The rules that hold between properties; they presume that every property has its type. */
function ruleIssues(object: StixObject, definition: ObjectType): StixIssue[] {
  const issues: StixIssue[] = [];
  const report: Report = (path, code, message) => {
    issues.push({ code, path, message, section: sectionOf(path, definition) });
  };
  checkNames(object, definition, report);
  if (typeOfId(object.id) !== object.type) report("/id", "id-type", `must begin with ${object.type}--`);
  if (typeof object.created === "string" && typeof object.modified === "string") {
    if (compareTimestamps(object.modified, object.created) < 0) {
      report("/modified", "order", "must not be before created");
    }
  }
  checkSelectors(object, report);
  definition.check(object, report);
  return issues;
}

function checkNames(object: StixObject, definition: ObjectType, report: Report): void {
  for (const name of Object.keys(object)) {
    if (definition.properties.has(name)) continue;
    if (definition.refused.has(name)) report(`/${name}`, "not-allowed", `does not belong on ${object.type}`);
    else if (RESERVED.has(name)) report(`/${name}`, "reserved-name", "is reserved by the specification");
    else if (!PROPERTY_NAME.test(name)) report(`/${name}`, "property-name", "is not the name of a property");
  }
}

function refuse(issue: StixIssue): ParseResult {
  return { ok: false, issues: [issue] };
}
