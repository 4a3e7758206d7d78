import { z } from "zod";
import { ObservableKind } from "../observable/observable-kind.ts";

/** How long what is said of a kind of value is good for, and how it loses worth meanwhile. */
export const Decay = z.strictObject({
  /** τ: then nothing is left of it. */
  lifetimeDays: z.number().positive().max(36_500),
  /** δ: at 1 it falls evenly, above it falls most at first, below most at the end. */
  decay: z.number().min(0.1).max(10),
  /** What has a lower score is over. */
  threshold: z.number().min(0).max(100),
});
export type Decay = z.infer<typeof Decay>;

/** `seeds/lifecycle.json`: expiry and decay as data, by the kind of value that an indicator looks for. */
export const Lifecycle = z.strictObject({
  schema: z.literal("lifecycle/1"),
  /** The score that an indicator without a confidence begins with. */
  base: z.number().min(0).max(100),
  /** What is left of a score where its originator, or its reader, looked and saw nothing. */
  doubted: z.number().min(0).max(1),
  kinds: z.record(ObservableKind, Decay),
  /** Of patterns that name no value. */
  otherwise: Decay,
});
export type Lifecycle = z.infer<typeof Lifecycle>;

const DAY_MS = 86_400_000;

/** MISP's polynomial: `base × (1 − (t/τ)^(1/δ))`, from `base` at the beginning to nothing at the end of the lifetime. */
export function scoreAfter(base: number, elapsedMs: number, { lifetimeDays, decay }: Decay): number {
  const share = Math.min(1, Math.max(0, elapsedMs) / (lifetimeDays * DAY_MS));
  return base * (1 - share ** (1 / decay));
}

/** How long the score stays at the threshold or above it; nothing where it begins below. */
export function lastsMs(base: number, { lifetimeDays, decay, threshold }: Decay): number {
  if (base < threshold || base === 0) return 0;
  return (1 - threshold / base) ** decay * lifetimeDays * DAY_MS;
}

/** Of several kinds that one indicator looks for, the one that lasts longest. */
export function decayOf(kinds: Iterable<ObservableKind>, { kinds: known, otherwise }: Lifecycle): Decay {
  const decays = [...kinds].map((kind) => known[kind]);
  return decays.toSorted((a, b) => b.lifetimeDays - a.lifetimeDays)[0] ?? otherwise;
}
