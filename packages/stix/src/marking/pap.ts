import { z } from "zod";

const LEVELS = ["clear", "green", "amber", "red"] as const;

/** The Permissible Actions Protocol: what a receiver may do with an indicator, beyond whom it may tell. */
export const Pap = z.enum(LEVELS);
export type Pap = z.infer<typeof Pap>;

const SPELLINGS: Readonly<Record<string, Pap>> = {
  clear: "clear",
  white: "clear",
  green: "green",
  amber: "amber",
  red: "red",
};

/** Reads `PAP:AMBER`, `pap:white`, `red`; what is not known is `undefined`, never the widest. */
export function parsePap(text: string): Pap | undefined {
  const label = text
    .normalize("NFKC")
    .trim()
    .toLowerCase()
    .replace(/^pap\s*[:_-]?\s*/, "");
  return Object.hasOwn(SPELLINGS, label) ? SPELLINGS[label] : undefined;
}

/** That which permits less of the two. */
export function stricterPap(a: Pap, b: Pap): Pap {
  return LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b;
}
