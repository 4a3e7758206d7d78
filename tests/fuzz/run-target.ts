import { inspect } from "node:util";
import { seededChance } from "../support/seeded-random.ts";
import type { Target } from "./targets.ts";

/** Generous, since other work may be running: what is not linear takes minutes. */
const SLOWEST_MS = 10_000;

export type FuzzResult = { cases: number; slowestMs: number };

/**
 * Gives a target input after input until `isOver`. Throws with the seed and the input where a promise is broken,
 * anything else is thrown, or one input takes longer than ten seconds.
 */
export async function runTarget(
  target: Target,
  seed: number,
  isOver: (cases: number) => boolean,
): Promise<FuzzResult> {
  let slowestMs = 0;
  let cases = 0;
  for (; !isOver(cases); cases += 1) {
    const input = target.make(seededChance(seed + cases));
    const started = performance.now();
    try {
      await target.run(input as never);
    } catch (cause) {
      throw new Error(`${target.name} broke: ${told(cause)}\nseed ${seed + cases}: ${shown(input)}`, {
        cause,
      });
    }
    slowestMs = Math.max(slowestMs, performance.now() - started);
    if (slowestMs > SLOWEST_MS)
      throw new Error(
        `${target.name} took ${Math.round(slowestMs)} ms\nseed ${seed + cases}: ${shown(input)}`,
      );
  }
  return { cases, slowestMs };
}

function told(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}

function shown(input: unknown): string {
  const text = typeof input === "string" ? input : inspect(input, { depth: 12, maxStringLength: 200 });
  return text.slice(0, 4_000);
}
