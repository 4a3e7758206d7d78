import { AppError } from "@suar/contract";
import type { Directory } from "@suar/runtime";
import type { Tlp } from "@suar/stix";
import { z } from "zod";

/** A person whom a submission names, and the inbox that the person had then. */
export const NamedPerson = z.object({ person: z.uuid(), inbox: z.uuid() });
export type NamedPerson = z.infer<typeof NamedPerson>;

const PREFIX = "person:";
/** TLP:RED is for a few who have to know. */
const MOST_PEOPLE = 20;

/**
 * The people whom `to=` names; undefined where it names organisations, or nobody. People and TLP:RED belong
 * together, and nobody else is named beside them. Throws `red-needs-people`, `people-need-red`, `unknown-person`.
 */
export async function parsePeople(
  names: readonly string[],
  { tlp, isPulled }: { tlp: Tlp | undefined; isPulled: boolean },
  directory: Directory,
): Promise<NamedPerson[] | undefined> {
  const people = names.filter((name) => name.startsWith(PREFIX));
  if (people.length === 0 && tlp !== "red") return undefined;
  if (people.length === 0)
    throw new AppError("red-needs-people", "Name them: to=person:<id>, of those in /v1/contacts");
  if (tlp !== undefined && tlp !== "red")
    throw new AppError("people-need-red", `tlp=${tlp} is for organisations: name those, or say tlp=red`);
  if (people.length < names.length)
    throw new AppError("red-needs-people", "to= names people and organisations: TLP:RED is for people alone");
  if (isPulled)
    throw new AppError("people-need-red", "What another server says (origin=) is for organisations");
  return await knownPeople([...new Set(people)].sort(), directory);
}

/** Of an id that is no contact's nothing is said, whether somebody has it or not. */
async function knownPeople(people: readonly string[], directory: Directory): Promise<NamedPerson[]> {
  if (people.length > MOST_PEOPLE)
    throw new AppError("unknown-person", `TLP:RED is for at most ${MOST_PEOPLE} people at once`);
  const ids = people.map((name) => name.slice(PREFIX.length).toLowerCase());
  const asked = ids.filter((id) => z.uuid().safeParse(id).success);
  const found = new Map((await directory.contacts(asked)).map(({ person, inbox }) => [person, inbox]));
  return ids.map((person) => {
    const inbox = found.get(person);
    if (inbox === undefined)
      throw new AppError("unknown-person", `to=${PREFIX}${person.slice(0, 40)}: there is no such contact`);
    return { person, inbox };
  });
}
