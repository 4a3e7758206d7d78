import { randomUUID } from "node:crypto";
import { AppError, actorOf, type LoadedWarningList, type Principal } from "@suar/contract";
import { compileList, FormatError, type Places, readWarningList, type WarningList } from "@suar/formats";
import {
  appendEvent,
  isSealed,
  type Platform,
  type PoolClient,
  packEntries,
  readEntries,
  type StoredList,
  sealList,
  selectActiveLists,
  transaction,
} from "@suar/runtime";
import { describeList } from "./describe-warning-list.ts";
import { countOthers, endList, holdLists, insertList } from "./store/warning-list.ts";

/**
 * Everybody's lists together, and those of one organisation: what a process holds of them at most. Expressions alone are
 * gone through one list after the other for each value, so that there are few lists of them.
 */
const MOST = {
  all: { lists: 300, entries: 2_000_000, ofExpressions: 10 },
  own: { lists: 20, entries: 100_000, ofExpressions: 2 },
};

type Order = { principal: Principal; organisationId: number | null; bytes: Uint8Array; source: string };

/**
 * Takes a list in, all of it or nothing: it is compiled before it is stored, so that what is stored can be asked. Throws the
 * codes of what cannot be read, `bad-list`, `conflict` and `quota-exceeded`.
 */
export async function loadList(
  platform: Pick<Platform, "core" | "secrets">,
  { principal, organisationId, bytes, source }: Order,
): Promise<LoadedWarningList> {
  const list = readList(bytes);
  const notes = await checkEntries(list);
  const packed = await packEntries(list.list);
  const { name, version, description, type, matching_attributes: attributes } = list;
  const said = { id: randomUUID(), organisationId, name, version, description, type, attributes };
  const about = { source, loadedBy: actorOf(principal), entries: list.list.length };
  const whole = { ...said, ...about, contentSha256: packed.contentSha256 };
  const row = { ...whole, content: packed.content, seal: sealList(platform.secrets, whole) };
  return await transaction(platform.core, async (db) => {
    await holdLists(db, organisationId);
    const known = await activeList(db, organisationId, name);
    const told = { notes: notes.told, notesInAll: notes.inAll };
    // A forged one says nothing of versions: the next takes its place.
    const standing = known && (await isOurs(db, platform, known)) ? known : undefined;
    if (standing !== undefined && !isNewer(row, standing))
      return { outcome: "unchanged", replaced: null, list: describeList(standing), ...told };
    await requireRoom(db, row);
    if (known !== undefined) await endList(db, known.id, row.loadedBy);
    await insertList(db, row);
    await noteLoaded(db, row, known);
    const loaded = await activeList(db, organisationId, name);
    if (loaded === undefined) throw new Error("the list was not written");
    return { outcome: "loaded", replaced: standing?.version ?? null, list: describeList(loaded), ...told };
  });
}

function readList(bytes: Uint8Array): WarningList {
  try {
    const read = readWarningList(bytes);
    if (read.ok) return read.list;
    throw new AppError("bad-list", "It is no warning list as MISP has them", { errors: read.faults });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new AppError(error.code, error.detail, { cause: error });
  }
}

async function checkEntries(list: WarningList): Promise<Places> {
  const { faults, notes } = await compileList(list);
  if (faults.inAll > 0)
    throw new AppError("bad-list", `${faults.inAll} of its ${list.list.length} entries cannot be taken`, {
      errors: faults.told,
    });
  return notes;
}

/** Whether it stands as this platform wrote it, its entries too. */
async function isOurs(db: PoolClient, { secrets }: Pick<Platform, "secrets">, list: StoredList) {
  return isSealed(secrets, list) && (await readEntries(db, list)) !== undefined;
}

/** False where it is the same again. Throws `conflict` for an older version, or another content under the same. */
function isNewer(next: Said, known: StoredList): boolean {
  if (next.version > known.version) return true;
  if (next.version < known.version)
    throw new AppError("conflict", `Version ${known.version} was loaded before: remove that first`);
  if (saidOf(next) !== saidOf(known))
    throw new AppError("conflict", `Version ${known.version} was loaded saying otherwise: raise the version`);
  return false;
}

type Said = Pick<StoredList, "version" | "description" | "type" | "attributes" | "contentSha256">;

function saidOf({ description, type, attributes, contentSha256 }: Said): string {
  return JSON.stringify([description, type, attributes, contentSha256.toString("hex")]);
}

async function requireRoom(
  db: PoolClient,
  { organisationId, name, entries, type }: StoredList | Room,
): Promise<void> {
  const most = organisationId === null ? MOST.all : MOST.own;
  const others = await countOthers(db, organisationId, name);
  if (others.lists >= most.lists || others.entries + entries > most.entries)
    throw new AppError("quota-exceeded", `At most ${most.lists} lists with ${most.entries} entries together`);
  if (type === "regex" && others.ofExpressions >= most.ofExpressions)
    throw new AppError("quota-exceeded", `At most ${most.ofExpressions} lists of expressions (regex)`);
}
type Room = Pick<StoredList, "organisationId" | "name" | "entries" | "type">;

async function activeList(
  db: PoolClient,
  organisationId: number | null,
  name: string,
): Promise<StoredList | undefined> {
  const lists = await selectActiveLists(db, organisationId);
  return lists.find((list) => list.name === name && list.organisationId === organisationId);
}

async function noteLoaded(
  db: PoolClient,
  { id, version, entries, loadedBy, organisationId }: Omit<StoredList, "loadedAt">,
  replaced: StoredList | undefined,
): Promise<void> {
  const fields = {
    version,
    entries,
    forAll: organisationId === null,
    ...(replaced && { replaces: replaced.id }),
  };
  await appendEvent(db, { type: "warning-list-loaded.v1", actor: loadedBy, subject: id, fields });
}
