import { isStixId, typeOfId } from "../name/identifier.ts";
import type { StixIssue, StixObject } from "../stix-object.ts";
import { type ParseOptions, parseStixObject } from "./parse-object.ts";
import { findDanger } from "./structure.ts";

export type StixBundle = { type: "bundle"; id: string; objects?: StixObject[]; [property: string]: unknown };
export type BundleResult = { ok: true; bundle: StixBundle } | { ok: false; issues: StixIssue[] };

/**
 * Validates a bundle (chapter 8) and every object in it. All objects are reported, not only the first bad
 * one; paths begin with `/objects/<index>`.
 */
export function parseBundle(value: unknown, options: ParseOptions = {}): BundleResult {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { ok: false, issues: [issueOf("not-an-object", "", "must be a JSON object")] };
  }
  const bundle = value as StixBundle;
  const issues = frameIssues(bundle).concat(objectIssues(bundle.objects, options));
  return issues.length === 0 ? { ok: true, bundle } : { ok: false, issues };
}

/** §8.1: a type, an id, and objects where there are any; a bundle has no spec_version of its own. */
function frameIssues(bundle: StixBundle): StixIssue[] {
  const { objects, ...frame } = bundle;
  const danger = findDanger(frame);
  const issues: StixIssue[] = danger === undefined ? [] : [danger];
  if (bundle.type !== "bundle") issues.push(issueOf("invalid-value", "/type", "must be bundle"));
  if (!isStixId(bundle.id)) issues.push(issueOf("invalid-format", "/id", "not a STIX identifier"));
  else if (typeOfId(bundle.id) !== "bundle")
    issues.push(issueOf("id-type", "/id", "must begin with bundle--"));
  if (objects === undefined) return issues;
  if (!Array.isArray(objects)) issues.push(issueOf("invalid-type", "/objects", "must be a list"));
  else if (objects.length === 0) issues.push(issueOf("empty", "/objects", "a list must not be empty"));
  return issues;
}

function objectIssues(objects: unknown, options: ParseOptions): StixIssue[] {
  if (!Array.isArray(objects)) return [];
  const issues: StixIssue[] = [];
  for (const [index, object] of objects.entries()) {
    const parsed = parseStixObject(object, options);
    if (parsed.ok) continue;
    const named = nameOf(object);
    for (const issue of parsed.issues)
      issues.push({ ...issue, ...named, path: `/objects/${index}${issue.path}` });
  }
  return issues;
}

function nameOf(object: unknown): { object?: string } {
  const id = (object as Partial<StixObject> | null)?.id;
  return isStixId(id) ? { object: id } : {};
}

function issueOf(code: string, path: string, message: string): StixIssue {
  return { code, path, message, section: "8.1" };
}
