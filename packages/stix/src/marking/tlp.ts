import { z } from "zod";

const LEVELS = ["clear", "green", "amber", "amber+strict", "red"] as const;

/** The labels of TLP 2.0, from the widest audience to the narrowest. */
export const Tlp = z.enum(LEVELS);
export type Tlp = z.infer<typeof Tlp>;

const SPELLINGS: Readonly<Record<string, Tlp>> = {
  clear: "clear",
  white: "clear",
  green: "green",
  amber: "amber",
  "amber+strict": "amber+strict",
  red: "red",
};

/**
 * Reads `TLP:AMBER+STRICT`, `tlp:white`, `amber-strict`, `TLP：RED` and their like. What is not known is
 * `undefined`, and the caller must then withhold: guessing low would widen the audience.
 */
export function parseTlp(text: string): Tlp | undefined {
  const label = text
    .normalize("NFKC")
    .trim()
    .toLowerCase()
    .replace(/^tlp\s*[:_-]?\s*/, "")
    .replace(/^amber[\s+_-]+strict$/, "amber+strict");
  return Object.hasOwn(SPELLINGS, label) ? SPELLINGS[label] : undefined;
}

/** The label as FIRST writes it, such as `TLP:AMBER+STRICT`; of TLP 1 also `TLP:WHITE`. */
export function formatTlp(tlp: Tlp | "white"): string {
  return `TLP:${tlp.toUpperCase()}`;
}

/** The narrower audience of the two. */
export function stricterTlp(a: Tlp, b: Tlp): Tlp {
  return LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b;
}
