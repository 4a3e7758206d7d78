import { AppError, type SubmissionQuery } from "@suar/contract";
import type { Limits } from "@suar/policy";
import type { Directory } from "@suar/runtime";
import { parsePap, parseTlp } from "@suar/stix";
import { parseLimits } from "./parse-limits.ts";
import { parseNames, recipientsOf } from "./parse-names.ts";
import { parsePeople } from "./parse-people.ts";
import type { SubmissionOptions } from "./submission-options.ts";

type Parsed = "tlp" | "pap" | "to" | "kind" | "origin" | "originAdded" | keyof Limits;

/**
 * Reads marking, limits, recipients and origin from a submission's parameters. Throws `unknown-marking`, `red-needs-people`,
 * `people-need-red`, `unknown-person`, `unknown-member` or `bad-request`, each naming what was not understood.
 */
export async function parseOptions(
  query: Pick<SubmissionQuery, Parsed>,
  directory: Directory,
): Promise<SubmissionOptions> {
  const tlp = query.tlp === undefined ? undefined : parseTlp(query.tlp);
  if (query.tlp !== undefined && tlp === undefined) {
    throw new AppError(
      "unknown-marking",
      `tlp=${query.tlp.slice(0, 40)}: use clear, green, amber, amber+strict or red`,
    );
  }
  const pap = query.pap === undefined ? undefined : parsePap(query.pap);
  if (query.pap !== undefined && pap === undefined) {
    throw new AppError("unknown-marking", `pap=${query.pap.slice(0, 20)}: use clear, green, amber or red`);
  }
  const origin = parseOrigin(query);
  const names = parseNames("to", query.to);
  const people = await parsePeople(names, { tlp, isPulled: origin !== undefined }, directory);
  const to = people === undefined ? await recipientsOf(names, directory) : [];
  const limits = await parseLimits(query, directory);
  return {
    ...{ tlp, pap, to, kind: query.kind },
    ...(limits && { limits }),
    ...(people && { people }),
    ...(origin && { origin }),
  };
}

/** Kept, and shown with the submission: no place for a password. */
function parseOrigin({ origin: url, originAdded: added }: Pick<SubmissionQuery, "origin" | "originAdded">) {
  if (url === undefined && added !== undefined)
    throw new AppError("bad-request", "originAdded= says nothing without origin=");
  if (url === undefined) return undefined;
  const { username, password, search, hash } = new URL(url);
  if (username + password + search + hash !== "")
    throw new AppError("bad-request", "origin= takes an address without credentials, query and fragment");
  return { url, ...(added !== undefined && { added }) };
}
