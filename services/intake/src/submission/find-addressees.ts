import { AppError } from "@suar/contract";
import type { Addressee } from "@suar/gate";
import type { Contact, Directory } from "@suar/runtime";
import type { SubmissionOptions } from "@suar/submit";

/**
 * The people whom a submission names, in the inboxes that they had when it was submitted. Who lost one meanwhile
 * gets nothing, also when there is a new one: then the whole of it is sent to nobody. Throws `unknown-person`.
 */
export async function findAddressees(
  directory: Directory,
  people: NonNullable<SubmissionOptions["people"]>,
): Promise<(Addressee & Pick<Contact, "title">)[]> {
  const found = new Map(
    (await directory.contacts(people.map(({ person }) => person))).map((one) => [one.inbox, one]),
  );
  return people.map(({ inbox }) => {
    const contact = found.get(inbox);
    if (contact === undefined)
      throw new AppError(
        "unknown-person",
        "A named person is no contact any more: nothing was sent to anybody",
      );
    return contact;
  });
}
