import { AppError, OrganisationCode } from "@suar/contract";
import { PUBLIC } from "@suar/policy";
import type { Directory } from "@suar/runtime";

/** Codes with commas between them; none where the parameter is absent. Throws `unknown-member` where it names nobody. */
export function parseNames(parameter: string, text: string | undefined): string[] {
  const names = (text ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (text !== undefined && names.length === 0)
    throw new AppError(
      "unknown-member",
      `${parameter}= names nobody; leave it out to address all that the marking allows`,
    );
  return names;
}

/**
 * Whom codes of members, agencies and groups name, in order, and `public`, which is everybody. A group stands for its
 * active members of this moment. Throws `unknown-member`.
 */
export async function recipientsOf(
  codes: readonly string[],
  directory: Directory,
  parameter = "to",
): Promise<string[]> {
  const named: string[] = [];
  for (const code of codes) {
    const members = await directory.group(code);
    if (members !== undefined) {
      for (const member of members) if (await isActive(member, directory)) named.push(member);
    } else if (code === PUBLIC.code || (await isActive(code, directory))) named.push(code);
    else
      throw new AppError(
        "unknown-member",
        `${parameter}=${code.slice(0, 60)}: there is no such member, agency or group`,
      );
  }
  return [...new Set(named)].sort();
}

async function isActive(code: string, directory: Directory): Promise<boolean> {
  return OrganisationCode.safeParse(code).success && (await directory.byCode(code))?.active === true;
}
