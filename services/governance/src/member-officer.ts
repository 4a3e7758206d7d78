import { AppError, type Principal } from "@suar/contract";
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
