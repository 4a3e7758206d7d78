import { createHash } from "node:crypto";
import { type CompiledPair, pairName } from "@suar/policy";
import type { WholeStanding } from "@suar/runtime";

const PARTS = ["policies", "agreements", "members"] as const;
type Part = (typeof PARTS)[number];

/**
 * What decides of a member's releases beside the objects themselves, a hash of each part: the policies of what it exports,
 * with where each stands in its own time; the agreements in force that these ask for; who there is, and how often that was
 * changed: what was done and undone between two looks is a change, too, since something may have been decided in between.
 * What is the same to the letter decides the same; where it differs everything that the member's organisations state is
 * decided anew.
 */
export function memberStanding(whole: WholeStanding, member: string): string {
  const { policies, organisations, terms, revision, now } = whole;
  const pairs = [...(policies.pairs.get(member)?.values() ?? [])];
  const asked = new Set(pairs.flatMap(agreementsAsked));
  const parts: Record<Part, string[]> = {
    policies: pairs.map((pair) => `${pairName(pair.policy)} ${pair.hash} ${phaseOf(pair, now)}`),
    agreements: organisations.flatMap(({ code, agreements = [] }) =>
      agreements.filter((name) => asked.has(name)).map((name) => `${code} ${name} ${terms.get(name)}`),
    ),
    members: [
      `revision ${revision}`,
      ...organisations.map(({ id, code, member: of, kind }) => `${id} ${code} ${of} ${kind}`),
    ],
  };
  return PARTS.map((part) => hash(parts[part])).join(" ");
}

/** Which parts differ; all of them where nothing was known before. */
export function causesOf(before: string | undefined, standing: string): Part[] {
  const [was, is] = [before?.split(" ") ?? [], standing.split(" ")];
  return PARTS.filter((_, part) => was[part] !== is[part]);
}

function agreementsAsked({ policy }: CompiledPair): string[] {
  return policy.rules.flatMap(({ if: condition }) => condition.lacksAgreement ?? []);
}

/** Which of its times are over. */
function phaseOf({ from, until, basis }: CompiledPair, now: number): string {
  return [from, until, basis.signed, basis.expires].map((time) => (now >= time ? 1 : 0)).join("");
}

function hash(lines: readonly string[]): string {
  return createHash("sha256")
    .update([...lines].sort().join("\n"))
    .digest("base64url")
    .slice(0, 22);
}
