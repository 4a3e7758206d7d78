import type { ProposalDocument } from "@suar/contract";
import { z } from "zod";
import { jsonOr } from "../../error.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { readIfThere, writeAtomically } from "../shell/profiles.ts";
import type { PolicyFinding, ToldPolicy } from "./check-policies.ts";

const Seen = z.record(z.string(), z.strictObject({ version: z.int(), hash: z.string() }));
/** Of each pair the latest version in force that was seen and held. */
export type Seen = z.infer<typeof Seen>;

const State = z.strictObject({
  schema: z.literal("suar/policies-seen/1"),
  platforms: z.record(z.string(), Seen),
});

/** What ships is version 1: a release of Suar may bring another text of it, and nobody signs it. */
const SHIPPED = 1;

/** A state that cannot be read is never begun anew by itself: it would forget what it has seen. */
export async function readSeen(file: string): Promise<Record<string, Seen>> {
  const text = await readIfThere(file);
  if (text === undefined) return {};
  const state = State.safeParse(jsonOr(text, undefined));
  if (!state.success) throw new UsageError(`${file} is no record of the policies that you have seen`);
  return state.data.platforms;
}

/** On the disk before it resolves. */
export async function writeSeen(file: string, platforms: Record<string, Seen>): Promise<void> {
  const state: z.infer<typeof State> = { schema: "suar/policies-seen/1", platforms };
  await writeAtomically(file, `${JSON.stringify(state, undefined, 1)}\n`, true);
}

/** Why what is told cannot come after what was seen; undefined where it can. Versions between are asked for one by one. */
export async function checkSeen(
  { pair, version, hash, policy }: ToldPolicy,
  seen: Seen,
  versionOf: (pair: string, version: number) => Promise<ProposalDocument | undefined>,
): Promise<PolicyFinding | undefined> {
  const before = seen[pair];
  if (before === undefined || policy === null) return undefined;
  if (version < before.version)
    return {
      pair,
      why: `version ${version} is in force, and version ${before.version} was when you looked last`,
    };
  if (before.version === SHIPPED) return undefined;
  let [at, is, previous] = [version, hash, policy.previous];
  while (at > before.version) {
    const earlier = await versionOf(pair, at - 1);
    if (earlier === undefined || earlier.hash !== previous)
      return { pair, why: `version ${at} does not follow the version ${at - 1} that the platform tells` };
    [at, is, previous] = [at - 1, earlier.hash, earlier.policy.previous];
  }
  return is === before.hash
    ? undefined
    : { pair, why: `version ${at} has another text than when you looked last` };
}

/** What was seen, with all that held this time. */
export function nowSeen(seen: Seen, told: readonly ToldPolicy[], findings: readonly PolicyFinding[]): Seen {
  const doubted = new Set(findings.map(({ pair }) => pair));
  const held = told.filter(({ pair, policy }) => policy !== null && !doubted.has(pair));
  return { ...seen, ...Object.fromEntries(held.map(({ pair, version, hash }) => [pair, { version, hash }])) };
}
