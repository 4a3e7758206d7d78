import type { Realm } from "../database/realm.ts";
import type { Directory, DirectoryEntry } from "./directory.ts";

/**
 * Who takes part in a realm: in a drill the members' CERTs alone. Its coordinator holds the keys of all who play, and
 * which agencies a member has is its own to tell: in a drill there are none, neither to read, to name, nor to be told of.
 */
export function takesPart({ kind }: Pick<Realm, "kind">, one: { kind: string }): boolean {
  return kind === "live" || one.kind !== "agency";
}

/** The directory as a realm has it. */
export function directoryOf(realm: Pick<Realm, "kind">, directory: Directory): Directory {
  if (realm.kind === "live") return directory;
  const known = drills.get(directory) ?? ofDrills(directory);
  drills.set(directory, known);
  return known;
}

const drills = new WeakMap<Directory, Directory>();

function ofDrills(directory: Directory): Directory {
  const among = membersOf();
  const only = (one: DirectoryEntry | undefined): DirectoryEntry | undefined =>
    one !== undefined && takesPart(DRILL, one) ? one : undefined;
  return {
    ...directory,
    all: async () => among(await directory.all()),
    active: async () => among(await directory.active()),
    byId: async (id) => only(await directory.byId(id)),
    byCode: async (code) => only(await directory.byCode(code)),
  };
}

const DRILL = { kind: "drill" } as const;

/** As the directory does, it gives out the same list until there is another. */
function membersOf(): (all: readonly DirectoryEntry[]) => readonly DirectoryEntry[] {
  const known = new WeakMap<readonly DirectoryEntry[], readonly DirectoryEntry[]>();
  return (all) => {
    const members = known.get(all) ?? all.filter((one) => takesPart(DRILL, one));
    known.set(all, members);
    return members;
  };
}
