import { suiteTypeOf } from "../incident/suite-type.ts";
import type { StixIssue, StixObject } from "../stix-object.ts";
import { customTypeOf } from "../type/custom-object.ts";
import type { ObjectType, Report } from "../type/object-type.ts";
import { OBJECT_TYPES } from "../type/object-types.ts";
import { applyRules } from "./broken-properties.ts";
import { schemaIssues, sectionOf } from "./schema-issues.ts";
import { findDanger } from "./structure.ts";

export type ParseOptions = {
  /** How many issues to report at most; 50 unless told, so that one bad file cannot fill a database. */
  maxIssues?: number;
};
export type ParseResult = { ok: true; object: StixObject } | { ok: false; issues: StixIssue[] };

/**
 * Validates one STIX 2.1 object. On success `object` is `value` itself, untouched: unknown properties,
 * extensions and the original text of timestamps all survive.
 *
 * Codes: `not-an-object`, `forbidden-key`, `too-deep`, `malformed-text`, `unknown-type`, `missing-property`,
 * `invalid-type`, `invalid-value`, `invalid-format`, `out-of-range`, `empty`, `not-allowed`, `reserved-name`,
 * `property-name`, `id-type`, `order`, `exactly-one`, `missing-reference`, `selector`, `pattern`,
 * `fixed-definition`, `id-version`.
 */
export function parseStixObject(value: unknown, options: ParseOptions = {}): ParseResult {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse({ code: "not-an-object", path: "", message: "must be a JSON object", section: "3" });
  }
  const danger = findDanger(value);
  if (danger !== undefined) return refuse(danger);
  const object = value as StixObject;
  const definition = definitionOf(object);
  if (definition === undefined) return refuse(issueOfType(object.type));
  const issues = issuesOf(object, definition);
  if (issues.length === 0) return { ok: true, object };
  return { ok: false, issues: issues.slice(0, options.maxIssues ?? 50) };
}

function definitionOf(object: StixObject): ObjectType | undefined {
  if (typeof object.type !== "string") return undefined;
  return OBJECT_TYPES.get(object.type) ?? suiteTypeOf(object) ?? customTypeOf(object);
}

function issueOfType(type: unknown): StixIssue {
  const at = { path: "/type", section: "3.2" };
  if (type === undefined) return { code: "missing-property", message: "is required", ...at };
  if (typeof type !== "string") return { code: "invalid-type", message: "must be a string", ...at };
  return { code: "unknown-type", message: "is not a type of STIX 2.1", ...at };
}

function issuesOf(object: StixObject, definition: ObjectType): StixIssue[] {
  if (definition.accepts(object)) return ruleIssues(object, definition);
  const parsed = definition.schema.safeParse(object);
  if (parsed.success) return ruleIssues(object, definition);
  const issues = schemaIssues(parsed.error, object, definition);
  const broken = new Set(issues.map(({ path }) => path.split("/", 2)[1] ?? ""));
  return [...issues, ...ruleIssues(object, definition, broken)];
}

/** What holds between properties. A rule that needs one of the broken ones is passed over. */
function ruleIssues(
  object: StixObject,
  definition: ObjectType,
  broken: ReadonlySet<string> = new Set(),
): StixIssue[] {
  const issues: StixIssue[] = [];
  const report: Report = (path, code, message, section = sectionOf(path, definition)) => {
    issues.push({ code, path, message, section });
  };
  applyRules(definition.rules, object, broken, report);
  return issues;
}

function refuse(issue: StixIssue): ParseResult {
  return { ok: false, issues: [issue] };
}
