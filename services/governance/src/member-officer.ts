import { AppError, type Principal } from "@suar/contract";
import { type Member, type PairPolicy, partiesOf } from "@suar/policy";
import { requireOrganisation } from "@suar/runtime";

/**
 * The member for which somebody acts: agreements and policies are matters of the CERTs, in the live realm. Throws
 * `forbidden`; the roles are the route's own.
 */
export function actingMember(principal: Principal): string {
  const { realm, organisation } = requireOrganisation(principal);
  if (realm !== "live") throw new AppError("forbidden", "A drill's keys change nothing outside of the drill");
  if (organisation.kind !== "cert")
    throw new AppError("forbidden", "This is a matter between members' CERTs");
  return organisation.member;
}

/** To others a policy is to be read and not to be changed. */
export function requireParty(policy: PairPolicy, member: string): Member {
  const party = partiesOf(policy).find((one) => one === member);
  if (party === undefined)
    throw new AppError("forbidden", `It is for ${partiesOf(policy).join(" and ")} to change this policy`);
  return party;
}
