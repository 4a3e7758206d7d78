import type { Chance } from "../support/seeded-random.ts";
import { garbled, pick } from "./mutate.ts";

const TYPES = ["file", "domain-name", "network-traffic", "process", "x-a", "email-message", "artifact"];
const PATHS = [
  "name",
  "value",
  "hashes.'SHA-256'",
  "hashes.MD5",
  "extensions.'windows-pebinary-ext'.sections[*].entropy",
  "dst_ref.value",
  "body_multipart[0].body",
  "child_refs[*].pid",
  "payload_bin",
  "environment_variables.HOME",
];
const CONSTANTS = [
  "'kurier-pos.example'",
  "'it\\'s \\\\ it'",
  "''",
  "1",
  "-1.5",
  "99999999999999999999999999",
  "true",
  "t'2026-03-05T01:00:00Z'",
  "t'2026-02-30T01:00:00Z'",
  "h'4d5a'",
  "b'UEsFBg=='",
];
const TEXT_TESTS = [
  "'(a*)*b'",
  "'^resi.*$'",
  "'%_%%'",
  "'[[:alpha:]]+'",
  "'(?=a)'",
  "'(a)\\\\1'",
  "'[z-a]'",
  "'a{1000}{1000}'",
];
const QUALIFIERS = [
  "WITHIN 5 SECONDS",
  "WITHIN 0.5 SECONDS",
  `WITHIN ${"9".repeat(400)} SECONDS`,
  "REPEATS 2 TIMES",
  "REPEATS 1000000 TIMES",
  `REPEATS ${"9".repeat(400)} TIMES`,
  "START t'2026-03-05T00:00:00Z' STOP t'2026-03-06T00:00:00Z'",
];

/** A pattern that is mostly well-formed, with joins at random and now and then a character wrong. */
export function anyPattern(chance: Chance): string {
  const pattern = observation(chance, 3);
  return chance.next() < 0.3 ? garbled(pattern, chance) : pattern;
}

function observation(chance: Chance, depth: number): string {
  const roll = chance.next();
  if (depth === 0 || roll < 0.4) return `[${comparison(chance, depth)}]`;
  const [left, right] = [observation(chance, depth - 1), observation(chance, depth - 1)];
  if (roll < 0.7) return `(${left} ${pick(QUALIFIERS, chance)})`;
  return `(${left} ${pick(["AND", "OR", "FOLLOWEDBY"], chance)} ${right})`;
}

function comparison(chance: Chance, depth: number): string {
  const roll = chance.next();
  if (depth > 0 && roll < 0.4)
    return `(${comparison(chance, depth - 1)} ${pick(["AND", "OR"], chance)} ${comparison(chance, depth - 1)})`;
  const path = `${pick(TYPES, chance)}:${pick(PATHS, chance)}`;
  const not = chance.next() < 0.2 ? "NOT " : "";
  if (roll < 0.5) return `${not}EXISTS ${path}`;
  if (roll < 0.7) return `${path} ${not}${pick(["LIKE", "MATCHES"], chance)} ${pick(TEXT_TESTS, chance)}`;
  if (roll < 0.75) return `${path} ${not}${pick(["ISSUBSET", "ISSUPERSET"], chance)} '198.51.100.0/24'`;
  if (roll < 0.85) return `${path} ${not}IN (${pick(CONSTANTS, chance)}, ${pick(CONSTANTS, chance)})`;
  return `${path} ${not}${pick(["=", "!=", ">", "<", ">=", "<="], chance)} ${pick(CONSTANTS, chance)}`;
}
