import { type Filter, FilterQuery, filterFromQuery } from "@suar/contract";
import type { Command } from "commander";
import { ZodError } from "zod";
import { UsageError } from "../shell/exit-codes.ts";

const FIELDS = [
  ["types", "STIX types: indicator,incident"],
  ["kinds", "kinds of items: released,withdrawn,alert,advisory"],
  ["severity", "low,medium,high,critical"],
  ["tlp", "clear,green,amber,amber+strict"],
  ["producers", "organisations that state it: SG,MY"],
  ["sectors", "sectors, as STIX names them: financial-services,energy"],
  ["countries", "ISO 3166-1 codes: SG,TH"],
  ["labels", "labels"],
  [
    "values",
    "what you own or watch: domains, addresses, CIDRs, hashes, AS numbers; @watch for all of suar watch list",
  ],
] as const;

/** Adds the one filter of every channel: fields are joined by AND, the values of one field by OR. */
export function withFilter(command: Command): Command {
  for (const [name, description] of FIELDS) command.option(`--${name} <list>`, description);
  return command.option("--text <words>", "words that name or description hold");
}

export function filterOf(options: Record<string, unknown>): Filter {
  const given = FilterQuery.parse(
    Object.fromEntries(Object.keys(FilterQuery.shape).map((name) => [name, options[name]])),
  );
  try {
    return filterFromQuery(given);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const issue = error.issues[0];
    throw new UsageError(`--${String(issue?.path[0])}: ${issue?.message}`, { cause: error });
  }
}
