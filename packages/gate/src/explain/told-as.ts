import type { ToldName } from "@suar/contract";
import { type Organisation, PUBLIC } from "@suar/policy";
import type { Directory } from "@suar/runtime";

type Party = Pick<Organisation, "code" | "member">;

/** Who is told of recipients: its member, and the codes that its own statement names, which it knows. */
export type ToldReader = { member: string; named: readonly string[] };

/**
 * The name under which a reader is told of a recipient: its own member's agencies and whom it named itself by their
 * codes, and of every other member the member alone. Which agencies that has, and how many, is its own to tell. Nothing
 * else makes a `ToldName`, and replies name recipients by nothing else.
 */
export function toldAs(party: Party, reader: ToldReader): ToldName {
  return (isToldOf(party, reader) ? party.code : party.member) as ToldName;
}

/** Whether a reader is told of this very organisation, and not of its member in its stead. */
function isToldOf({ code, member }: Party, reader: ToldReader): boolean {
  return member === reader.member || code === member || isAnyAgency(code) || reader.named.includes(code);
}

/** Who said something, as the reader of what becomes of it. */
export function asProducer(
  { member }: Pick<Party, "member">,
  sayings: readonly { to: readonly string[] }[],
): ToldReader {
  return { member, named: sayings.flatMap(({ to }) => to) };
}

/** Of recipients, those of whom a reader is told one by one, each with its name: of others' agencies nothing is. */
export function toldOf<P extends Party>(
  parties: readonly P[],
  reader: ToldReader,
): { organisation: P; told: ToldName }[] {
  return parties.flatMap((organisation) =>
    isToldOf(organisation, reader) ? [{ organisation, told: toldAs(organisation, reader) }] : [],
  );
}

/** Each name once, in order. */
export function tellParties(parties: readonly Party[], reader: ToldReader): ToldName[] {
  return [...new Set(parties.map((party) => toldAs(party, reader)))].sort();
}

/** The same of those whom rows name by their ids. */
export async function tellRecipients(
  directory: Pick<Directory, "byId">,
  ids: readonly number[],
  reader: ToldReader,
): Promise<ToldName[]> {
  const found = await Promise.all(
    ids.map(async (id) => (id === PUBLIC.id ? PUBLIC : await directory.byId(id))),
  );
  return tellParties(
    found.flatMap((one) => one ?? []),
    reader,
  );
}

/** No organisation has such an id, nor PUBLIC. */
const BEFORE_ALL = -2;

/** Stands for agencies of a CERT's member, whichever it has: what policy says of them betrays none. */
export function anyAgencyOf(cert: Organisation): Organisation {
  return { ...cert, id: BEFORE_ALL - cert.id, code: `${cert.member}:*`, kind: "agency" };
}

function isAnyAgency(code: string): boolean {
  return code.endsWith(":*");
}
