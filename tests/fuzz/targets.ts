import { readFileSync } from "node:fs";
import {
  canonicalJson,
  contentOf,
  keysOf,
  matchPattern,
  parseBundle,
  parsePattern,
  parseStixObject,
  referencesOf,
  type StixIssue,
  scoId,
} from "@suar/stix";
import { answerTaxii } from "@suar/taxii";
import { Fixture, FixtureSource } from "@suar/taxii/testing/fixture-source";
import type { Chance } from "../support/seeded-random.ts";
import { goldenObjects } from "../support/stix-files.ts";
import { mutated, pick } from "./mutate.ts";
import { anyPattern } from "./pattern-soup.ts";

/** A parser of what strangers send. `run` throws where it breaks a promise; `make` says what it is given. */
export type Target = {
  name: string;
  make(chance: Chance): unknown;
  run(input: never): void | Promise<void>;
};

const OBJECTS = [...goldenObjects().values()].filter(({ type }) => type !== "bundle");

/** As it comes from outside: through JSON's text, where that has the value. */
function received(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)?.replaceAll("null", "1e999") ?? "null");
}

function anyObject(chance: Chance): unknown {
  const changed = mutated(pick(OBJECTS, chance), chance);
  return chance.next() < 0.1 ? received(changed) : changed;
}

export const TARGETS: readonly Target[] = [
  { name: "objects", make: anyObject, run: judgesAnObject },
  { name: "bundles", make: anyBundle, run: judgesABundle },
  { name: "patterns", make: anyPattern, run: parsesAPattern },
  { name: "matches", make: anyMatch, run: matches },
  { name: "canonical-json", make: anyObject, run: writesCanonically },
  { name: "taxii-filters", make: anyQuery, run: answersAQuery },
];

function judgesAnObject(value: unknown): void {
  const before = JSON.stringify(value);
  const parsed = parseStixObject(value);
  expect(JSON.stringify(value) === before, "the value was changed");
  if (!parsed.ok) {
    checkIssues(parsed.issues);
    return;
  }
  expect(parsed.object === value, "another value was handed back");
  // What is accepted can be named, hashed, searched for and followed.
  expect(canonicalJson(JSON.parse(canonicalJson(value))) === canonicalJson(value), "canonical text changed");
  expect(scoId(parsed.object).startsWith(`${parsed.object.type}--`), "an id of another type");
  contentOf(parsed.object);
  keysOf(parsed.object);
  referencesOf(parsed.object);
}

function checkIssues(issues: readonly StixIssue[]): void {
  expect(issues.length > 0, "refused without a reason");
  for (const { code, path, message, section } of issues) {
    expect(path === "" || path.startsWith("/"), `no JSON Pointer: ${path}`);
    expect(/^[a-z-]+$/.test(code) && message !== "", `a code or message: ${code} ${message}`);
    expect(/^(?:incident-core )?\d+(?:\.\d+)*$/.test(section), `no section: ${section}`);
  }
}

function anyBundle(chance: Chance): unknown {
  const objects = Array.from({ length: 1 + Math.floor(chance.next() * 5) }, () => anyObject(chance));
  const bundle = { type: "bundle", id: "bundle--00000000-0000-4000-8000-000000000000", objects };
  return chance.next() < 0.5 ? mutated(bundle, chance) : bundle;
}

function judgesABundle(value: unknown): void {
  const parsed = parseBundle(value);
  if (parsed.ok) return;
  checkIssues(parsed.issues);
  const objects = (value as { objects?: unknown } | null)?.objects;
  if (!Array.isArray(objects)) return;
  const told = new Set(parsed.issues.map(({ path }) => /^\/objects\/(\d+)/.exec(path)?.[1]));
  for (const [index, object] of objects.entries())
    expect(parseStixObject(object).ok || told.has(String(index)), `object ${index} was passed over`);
}

function parsesAPattern(pattern: string): void {
  const parsed = parsePattern(pattern);
  if (parsed.ok) return;
  const lines = pattern.split("\n");
  const { line, column } = parsed;
  expect(line >= 1 && line <= lines.length, `no such line: ${line}`);
  expect(column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1, `no such column: ${column}`);
}

type Match = { pattern: string; observed: unknown[] };

function anyMatch(chance: Chance): Match {
  const observed = Array.from({ length: 1 + Math.floor(chance.next() * 4) }, () => {
    const seen = OBJECTS.filter(({ type }) => !type.includes("definition"));
    const data = seen.find(({ type }) => type === "observed-data");
    return chance.next() < 0.5 ? mutated(data, chance) : pick(seen, chance);
  });
  return { pattern: anyPattern(chance), observed: [...observed, ...OBJECTS.slice(0, 5)] };
}

function matches({ pattern, observed }: Match): void {
  const result = matchPattern(pattern, observed);
  expect(result.ok || result.message !== "", "refused without a reason");
}

function writesCanonically(value: unknown): void {
  let text: string;
  try {
    text = canonicalJson(value);
  } catch (error) {
    expect(error instanceof TypeError, `threw a ${String(error)}`);
    return;
  }
  expect(canonicalJson(JSON.parse(text)) === text, "canonical text changed");
}

const NAMES = [
  "added_after",
  "limit",
  "next",
  "match[id]",
  "match[type]",
  "match[version]",
  "match[spec_version]",
  "match[x]",
];
const VALUES = [
  "2026-03-05T00:00:00.000000Z",
  "2026-03-05T00:00:00Z",
  "2026-02-30T00:00:00Z",
  "all",
  "last,first",
  "all,last",
  "2.1",
  "2.0,2.1",
  "0",
  "1",
  "999999999999999",
  "9".repeat(5_000),
  "indicator",
  ",",
  ",".repeat(100_000),
  "indicator--00000000-0000-4000-8000-000000000001",
  "\u0000",
  "é",
  "",
];

const fixture = Fixture.parse(
  JSON.parse(readFileSync(new URL("../conformance/fixture.example.json", import.meta.url), "utf8")),
);

function anyQuery(chance: Chance): string {
  const query = new URLSearchParams();
  for (let count = Math.floor(chance.next() * 4); count >= 0; count -= 1)
    query.append(pick(NAMES, chance) ?? "", pick(VALUES, chance) ?? "");
  const ends = ["objects/", "manifest/", "objects/indicator--00000000-0000-4000-8000-000000000001/versions/"];
  return `/api1/collections/all/${pick(ends, chance)}?${query}`;
}

async function answersAQuery(asked: string): Promise<void> {
  const { pathname, searchParams } = new URL(asked, "https://taxii.example");
  const request = {
    method: "GET",
    path: pathname,
    query: searchParams,
    headers: { accept: "application/taxii+json;version=2.1" },
    body: (async function* () {})(),
  };
  const options = { mostRecords: 100, challenge: "Basic" };
  const { status, body } = await answerTaxii(new FixtureSource(fixture), true, request, options);
  expect([200, 400, 404].includes(status), `answered with ${status}`);
  let text = "";
  if (typeof body === "string") text = body;
  else for await (const piece of body ?? []) text += piece;
  JSON.parse(text);
}

function expect(holds: boolean, promise: string): void {
  if (!holds) throw new Error(promise);
}
