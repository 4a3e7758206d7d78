import { AppError, type Principal } from "@suar/contract";
import { requireOrganisation } from "@suar/runtime";

/**
 * Whose keys and people a caller may manage: the operator everybody's; an officer of a CERT the member's and
 * its agencies'; anybody else only what belongs to the own organisation. A drill's credentials manage nothing
 * outside of their realm (DESIGN 1.7).
 */
export type Reach =
  | { kind: "all" }
  | { kind: "member"; member: string }
  | { kind: "organisation"; id: number; code: string };

export function reachOf(principal: Principal): Reach {
  if (principal.roles.includes("operator")) return { kind: "all" };
  const { organisation } = requireOrganisation(principal);
  if (principal.roles.includes("officer") && organisation.kind === "cert" && principal.realm === "live")
    return { kind: "member", member: organisation.member };
  return { kind: "organisation", id: organisation.id, code: organisation.code };
}

/** Tells whether an organisation lies within reach. */
export function reaches(reach: Reach, organisation: { code: string | null; member: string | null }): boolean {
  if (reach.kind === "all") return true;
  return reach.kind === "member" ? organisation.member === reach.member : organisation.code === reach.code;
}

/** Refuses what a drill's credential may not change. */
export function requireLive(principal: Principal): void {
  if (principal.realm !== "live")
    throw new AppError("forbidden", "A drill's keys change nothing outside of the drill");
}
