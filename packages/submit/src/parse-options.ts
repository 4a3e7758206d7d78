import { AppError, OrganisationCode, type SubmissionQuery } from "@suar/contract";
import type { Directory } from "@suar/runtime";
import { parsePap, parseTlp } from "@suar/stix";
import { parsePeople } from "./parse-people.ts";
import type { SubmissionOptions } from "./submission-options.ts";

/**
 * Reads marking, recipients and origin from a submission's parameters. Throws `unknown-marking`, `red-needs-people`,
 * `people-need-red`, `unknown-person`, `unknown-member` or `bad-request`, each naming what was not understood.
 */
export async function parseOptions(
  query: Pick<SubmissionQuery, "tlp" | "pap" | "to" | "kind" | "origin" | "originAdded">,
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
  const names = parseNames(query.to);
  const people = await parsePeople(names, { tlp, isPulled: origin !== undefined }, directory);
  const to = people === undefined ? await recipientsOf(names, directory) : [];
  return { tlp, pap, to, kind: query.kind, ...(people && { people }), ...(origin && { origin }) };
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

function parseNames(to: string | undefined): string[] {
  const names = (to ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (to !== undefined && names.length === 0)
    throw new AppError(
      "unknown-member",
      "to= names nobody; leave it out to address all that the marking allows",
    );
  return names;
}

/**
 * Whom codes of members, agencies and groups name, in order. A group stands for its active members of this moment.
 * Throws `unknown-member`.
 */
export async function recipientsOf(codes: readonly string[], directory: Directory): Promise<string[]> {
  const named: string[] = [];
  for (const code of codes) {
    const members = await directory.group(code);
    if (members === undefined) named.push(await knownCode(code, directory));
    else for (const member of members) if (await isActive(member, directory)) named.push(member);
  }
  return [...new Set(named)].sort();
}

async function knownCode(code: string, directory: Directory): Promise<string> {
  if (await isActive(code, directory)) return code;
  throw new AppError("unknown-member", `to=${code.slice(0, 60)}: there is no such member, agency or group`);
}

async function isActive(code: string, directory: Directory): Promise<boolean> {
  return OrganisationCode.safeParse(code).success && (await directory.byCode(code))?.active === true;
}
