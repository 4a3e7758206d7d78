import type { Comparison, Observation } from "@suar/stix";
import type { ContentClass } from "./content-class.ts";

const INFRASTRUCTURE: ReadonlySet<string> = new Set([
  "autonomous-system",
  "domain-name",
  "email-addr",
  "email-message",
  "ipv4-addr",
  "ipv6-addr",
  "mac-addr",
  "network-traffic",
  "url",
  "x509-certificate",
]);
/** Traces on a machine: how malware behaves. */
const TRACES: ReadonlySet<string> = new Set([
  "artifact",
  "directory",
  "file",
  "mutex",
  "process",
  "software",
  "windows-registry-key",
]);

/** From what says most of its object to what says least of it. */
const ORDER: readonly ContentClass[] = ["other", "malware.hash", "ttp", "indicator.infrastructure"];

/**
 * What a pattern looks for, by its object paths. Where it looks for several things it is told by the first in the
 * order above: a hash makes the file's name beside it part of a malware's description.
 */
export function classOfPattern(observation: Observation): ContentClass {
  const classes = new Set(typesIn(observation));
  return ORDER.find((each) => classes.has(each)) ?? "other";
}

/** What most patterns are: one path that equals one text. Anything else is parsed. */
const PLAIN =
  /^\[([a-z][a-z0-9]*(?:-[a-z0-9]+)*):(?:[a-z][a-z0-9_]*|(hashes)\.'[A-Za-z0-9-]{1,20}') = '[ !#-&(-[\]-~]*'\]$/;

/** The class of a pattern that is as plain as that, without parsing it; undefined for every other. */
export function classOfPlainPattern(pattern: string): ContentClass | undefined {
  const match = PLAIN.exec(pattern);
  if (match === null) return undefined;
  const [, type = "", hashes] = match;
  return classOfType(type, hashes !== undefined || pattern.startsWith(":hashes =", type.length + 1));
}

function* typesIn(node: Observation | Comparison): Generator<ContentClass> {
  switch (node.kind) {
    case "observe":
      yield* typesIn(node.comparison);
      break;
    case "qualified":
      yield* typesIn(node.observation);
      break;
    case "test":
    case "exists":
      yield classOfPath(node.path);
      break;
    default:
      for (const operand of node.operands) yield* typesIn(operand);
  }
}

function classOfPath({ type, steps }: Extract<Comparison, { kind: "test" }>["path"]): ContentClass {
  return classOfType(
    type,
    steps.some((step) => step.kind === "property" && step.name === "hashes"),
  );
}

function classOfType(type: string, hashed: boolean): ContentClass {
  if (INFRASTRUCTURE.has(type)) return "indicator.infrastructure";
  if (!TRACES.has(type)) return "other";
  return hashed ? "malware.hash" : "ttp";
}
