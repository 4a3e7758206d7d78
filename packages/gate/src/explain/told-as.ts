import type { Organisation } from "@suar/policy";

type Party = Pick<Organisation, "code" | "member">;

/**
 * The name under which a producer is told of an organisation: its own member's agencies and whom it named itself by their
 * codes, and of every other member the member alone. Which agencies that has, and how many, is its own to tell.
 */
export function toldAs(party: Party, producer: Pick<Party, "member">, named: readonly string[]): string {
  return isToldOf(party, producer, named) ? party.code : party.member;
}

/** Whether a producer is told of this very organisation, and not of its member in its stead. */
export function isToldOf(
  { code, member }: Party,
  producer: Pick<Party, "member">,
  named: readonly string[],
): boolean {
  return member === producer.member || code === member || named.includes(code);
}
