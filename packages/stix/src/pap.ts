import { z } from "zod";

/** The Permissible Actions Protocol: what a receiver may do with an indicator, beyond whom it may tell. */
export const Pap = z.enum(["clear", "green", "amber", "red"]);
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
