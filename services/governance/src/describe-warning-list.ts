import type { WarningListHead } from "@suar/contract";
import { BUILT_IN, type BuiltInList } from "@suar/formats";
import { MEMBERS_DOMAINS, type StoredList } from "@suar/runtime";

/** A list that was loaded, as its readers are told of it. */
export function describeList(list: StoredList): WarningListHead {
  const { id, name, version, description, type, attributes, entries, source } = list;
  return {
    ...{ id, name, version, description, type, entries, source },
    attributes: [...attributes],
    of: list.organisationId === null ? "platform" : "own",
    sha256: list.contentSha256.toString("hex"),
    // Who of an operator's or an organisation's people it was, its activity log tells.
    loadedBy: list.organisationId === null ? "operator" : list.loadedBy,
    loadedAt: list.loadedAt.toISOString(),
  };
}

/** Those that Suar brings along, with their entries; members' own domains are what the members say. */
export function builtInLists(
  domains: readonly string[],
): { head: WarningListHead; list: readonly string[] }[] {
  const lists: BuiltInList[] = [...Object.values(BUILT_IN), { ...MEMBERS_DOMAINS, entries: domains }];
  return lists.map(({ entries: list, ...about }) => ({
    head: {
      ...about,
      attributes: [],
      entries: list.length === 0 && about.id !== MEMBERS_DOMAINS.id ? null : list.length,
      of: "built-in",
      source: null,
      sha256: null,
      loadedBy: null,
      loadedAt: null,
    },
    list,
  }));
}
