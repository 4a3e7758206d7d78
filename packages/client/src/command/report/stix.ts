import { parseJsonExactly } from "@suar/formats";
import {
  isObservable,
  matchPattern,
  parseBundle,
  parsePattern,
  parseStixObject,
  type StixIssue,
  scoId,
} from "@suar/stix";
import type { Command } from "commander";
import { run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { answerEachLine, type Line } from "../shell/each-line.ts";

/** STIX without a platform: a line of JSON out for each line in, for scripts and for other tools' tests. */
export function addStixCommands(program: Command): void {
  const stix = program.command("stix").description("validate STIX 2.1, and work out the ids of observables");
  describe(
    stix.command("validate").argument("<file>", "a line for each object or bundle; - for standard input"),
    'answer each line, an object or {"json": …}, with {"valid", "errors": [{"path", "message", "section"}]}',
    "jq -c '.objects[]' bundle.json | suar stix validate -",
    "suar submit FILE --dry-run",
  ).action(run((context, file: string) => answerEachLine(context, file, validate, parseJsonExactly)));
  describe(
    stix.command("id").argument("<file>", "a line for each observable; - for standard input"),
    'answer each line with the {"id"} that STIX 2.1 §2.9 gives to such an observable',
    `echo '{"type":"ipv4-addr","value":"192.0.2.1"}' | suar stix id -`,
    "suar search VALUE",
  ).action(run((context, file: string) => answerEachLine(context, file, identify, parseJsonExactly)));
  const pattern = program.command("pattern").description("read STIX patterns, and match them");
  describe(
    pattern.command("parse").argument("<file>", 'a line for each {"pattern"}; - for standard input'),
    'answer each line with {"ok"}, or with {"error": {"line", "column", "message"}} besides',
    `echo '{"pattern":"[url:value = 1"}' | suar pattern parse -`,
    "suar pattern match -",
  ).action(run((context, file: string) => answerEachLine(context, file, parse)));
  describe(
    pattern
      .command("match")
      .argument("<file>", 'a line for each {"pattern", "observed"}; - for standard input'),
    'answer each line with {"match", "observations"}: ids of the Observed Data that matched, or with {"error"}',
    "suar pattern match cases.ndjson",
    "suar submit FILE --dry-run",
  ).action(run((context, file: string) => answerEachLine(context, file, match)));
}

function validate(line: Line): unknown {
  if (!line.ok) return invalid([{ path: "", message: line.message, section: "2" }]);
  const given = unwrapped(line.value);
  if (!given.ok) return invalid([{ path: "", message: given.message, section: "2" }]);
  const isBundle = isRecord(given.value) && given.value.type === "bundle";
  const result = isBundle ? parseBundle(given.value) : parseStixObject(given.value);
  return result.ok ? { valid: true, errors: [] } : invalid(result.issues);
}

/** Of a bundle's errors, each names the object that it is about. */
function invalid(issues: readonly Omit<StixIssue, "code">[]): unknown {
  const errors = issues.map(({ path, message, section, object }) => {
    return { path, message, section, ...(object !== undefined && { object }) };
  });
  return { valid: false, errors };
}

/** `{"json": …}` holds the object, or its text. */
function unwrapped(value: unknown): Line {
  if (!isRecord(value) || !("json" in value) || "type" in value) return { ok: true, value };
  if (typeof value.json !== "string") return { ok: true, value: value.json };
  try {
    return { ok: true, value: parseJsonExactly(value.json) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

function identify(line: Line): unknown {
  const given = line.ok ? unwrapped(line.value) : line;
  if (!given.ok) return { error: given.message };
  const object = given.value;
  if (!isRecord(object) || typeof object.type !== "string" || !isObservable(object.type))
    return { error: "not a cyber-observable object of STIX 2.1" };
  try {
    return { id: scoId(object as { type: string }) };
  } catch (error) {
    // Only what cannot be written canonically: a lone surrogate, or nesting without an end.
    if (error instanceof TypeError || error instanceof RangeError) return { error: error.message };
    throw error;
  }
}

function parse(line: Line): unknown {
  const pattern = line.ok ? textAt(line.value, "pattern") : undefined;
  if (!line.ok || pattern === undefined) {
    const message = line.ok ? 'needs {"pattern": "…"}' : line.message;
    return { ok: false, error: { line: 1, column: 1, message } };
  }
  const parsed = parsePattern(pattern);
  if (parsed.ok) return { ok: true };
  const { line: row, column, message } = parsed;
  return { ok: false, error: { line: row, column, message } };
}

function match(line: Line): unknown {
  if (!line.ok) return { error: line.message };
  const pattern = textAt(line.value, "pattern");
  const observed = isRecord(line.value) ? line.value.observed : undefined;
  if (pattern === undefined || !Array.isArray(observed))
    return { error: 'needs {"pattern": "…", "observed": […]}' };
  const result = matchPattern(pattern, observed);
  return result.ok ? { match: result.match, observations: result.observations } : { error: result.message };
}

function textAt(value: unknown, key: string): string | undefined {
  const text = isRecord(value) ? value[key] : undefined;
  return typeof text === "string" ? text : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
