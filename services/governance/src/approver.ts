import type { OrganisationCaller } from "@suar/runtime";

/** In which role somebody is asked, as policies name it; undefined for who is no officer of a CERT. */
export function approverOf({ roles, organisation }: OrganisationCaller): string | undefined {
  const { kind, member } = organisation;
  return kind === "cert" && roles.includes("officer") ? `${member}:officer` : undefined;
}
