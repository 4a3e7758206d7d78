import { AppError, OrganisationCode, type SubmissionQuery } from "@suar/contract";
import type { Directory } from "@suar/runtime";
import { parsePap, parseTlp } from "@suar/stix";
import type { SubmissionOptions } from "./submission-options.ts";

/**
 * Reads marking and recipients from a submission's parameters. Throws `unknown-marking`, `red-needs-people`
 * or `unknown-member`, each naming what was not understood.
 */
export async function parseOptions(
  query: Pick<SubmissionQuery, "tlp" | "pap" | "to" | "kind">,
  directory: Directory,
): Promise<SubmissionOptions> {
  const tlp = query.tlp === undefined ? undefined : parseTlp(query.tlp);
  if (query.tlp !== undefined && tlp === undefined) {
    throw new AppError(
      "unknown-marking",
      `tlp=${query.tlp.slice(0, 40)}: use clear, green, amber or amber+strict`,
    );
  }
  if (tlp === "red") throw new AppError("red-needs-people");
  const pap = query.pap === undefined ? undefined : parsePap(query.pap);
  if (query.pap !== undefined && pap === undefined) {
    throw new AppError("unknown-marking", `pap=${query.pap.slice(0, 20)}: use clear, green, amber or red`);
  }
  return { tlp, pap, to: await parseRecipients(query.to, directory), kind: query.kind };
}

async function parseRecipients(to: string | undefined, directory: Directory): Promise<string[]> {
  const codes = (to ?? "")
    .split(",")
    .map((code) => code.trim())
    .filter((code) => code !== "");
  if (to !== undefined && codes.length === 0)
    throw new AppError(
      "unknown-member",
      "to= names nobody; leave it out to address all that the marking allows",
    );
  return await recipientsOf(codes, directory);
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
