import { type FormatName, readers } from "@suar/formats";
import type { SubmissionOptions } from "./submission-options.ts";

/** Tables and lists: their objects refer to nothing but their producer. */
export function isFlat(format: FormatName, options: SubmissionOptions): boolean {
  return readers[format].flat === true && options.kind !== "incident";
}

/** Formats that are flat unless they are to become an incident. */
export const FLAT_FORMATS: readonly FormatName[] = Object.values(readers).flatMap(({ name, flat }) =>
  flat === true ? [name] : [],
);
