import type { z } from "zod";
import type { Problem } from "./problem.ts";
import { Scenario } from "./schema.ts";
import { readYaml, type YamlDocument } from "./yaml-document.ts";

export const MAX_SCENARIO_BYTES = 1024 * 1024;
const MAX_PROBLEMS = 500;

export type ParsedScenario =
  /** `lineOf` turns the path of a later problem (`checkScenario`) into a line of the text. */
  { ok: true; scenario: Scenario; lineOf: YamlDocument["lineOf"] } | { ok: false; problems: Problem[] };

/** Reads a scenario, or says everything that is wrong with it. Never throws for any text. */
export function parseScenario(text: string): ParsedScenario {
  if (Buffer.byteLength(text) > MAX_SCENARIO_BYTES) {
    const message = "a scenario has at most 1 MiB";
    return { ok: false, problems: [{ code: "too-large", severity: "error", message, path: [] }] };
  }
  const document = readYaml(text);
  if (document.problems.length > 0) return { ok: false, problems: capped(document.problems) };

  const parsed = Scenario.safeParse(document.data);
  if (parsed.success) return { ok: true, scenario: parsed.data, lineOf: document.lineOf };
  const problems = capped(parsed.error.issues.flatMap((issue) => problemsOf(issue, document)));
  return { ok: false, problems: problems.map((problem) => withLine(problem, document)) };
}

function withLine(problem: Problem, { lineOf }: YamlDocument): Problem {
  const line = lineOf(problem.path);
  return line === undefined ? problem : { ...problem, line };
}

function problemsOf(issue: z.core.$ZodIssue, { data }: YamlDocument): Problem[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  const problem = (code: string, message: string, at = path): Problem => ({
    code,
    severity: "error",
    message,
    path: at,
  });
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => problem("unknown-key", `no such key: ${key}`, [...path, key]));
    case "custom":
      return [
        problem(typeof issue.params?.code === "string" ? issue.params.code : "invalid-value", issue.message),
      ];
    default:
      return valueAt(data, path) === undefined
        ? [problem("missing", `${path.at(-1) ?? "the scenario"} is missing`)]
        : [problem("invalid-value", issue.message)];
  }
}

function valueAt(data: unknown, path: readonly (string | number)[]): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}

function capped(problems: Problem[]): Problem[] {
  if (problems.length <= MAX_PROBLEMS) return problems;
  const message = `and ${problems.length - MAX_PROBLEMS} more`;
  return [...problems.slice(0, MAX_PROBLEMS), { code: "too-many", severity: "error", message, path: [] }];
}
