import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { deflate, inflate } from "node:zlib";
import { MOST_OF_LIST, type WarningListType } from "@suar/formats";
import { z } from "zod";
import type { Queryable } from "../database/pool.ts";
import { type Secrets, sameBytes } from "../keys/secrets.ts";

/** A list that was loaded and has not ended, without its entries. */
export type StoredList = {
  readonly id: string;
  /** For whom alone it counts; null: for all. */
  readonly organisationId: number | null;
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly type: WarningListType;
  readonly attributes: readonly string[];
  readonly entries: number;
  readonly contentSha256: Buffer;
  readonly source: string;
  readonly loadedBy: string;
  readonly loadedAt: Date;
  readonly seal: Buffer;
};

const COLUMNS = `id, organisation_id AS "organisationId", name, version, description, type, attributes, entries,
  content_sha256 AS "contentSha256", source, loaded_by AS "loadedBy", loaded_at AS "loadedAt", seal`;

/** Those that count for an organisation: everybody's and its own. */
export async function selectActiveLists(db: Queryable, organisationId: number | null): Promise<StoredList[]> {
  const { rows } = await db.query<StoredList>(
    `SELECT ${COLUMNS} FROM core.warning_list
      WHERE ended_at IS NULL AND (organisation_id IS NULL OR organisation_id = $1)
      ORDER BY organisation_id NULLS FIRST, name`,
    [organisationId],
  );
  return rows;
}

/** Undefined where it has ended meanwhile. */
async function selectContent(db: Queryable, id: string): Promise<Buffer | undefined> {
  const { rows } = await db.query<{ content: Buffer | null }>(
    "SELECT content FROM core.warning_list WHERE id = $1",
    [id],
  );
  return rows[0]?.content ?? undefined;
}

/** Names of those who are members now. */
export async function selectMembersDomains(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ domain: string }>(
    `SELECT DISTINCT unnest(m.domains) AS domain FROM core.member m
       JOIN core.organisation o ON o.code = m.code WHERE o.status = 'active' ORDER BY 1`,
  );
  return rows.map(({ domain }) => domain);
}

/** What whoever holds the database alone cannot make: a list that lets a threat pass, or ends everybody's. */
export function sealList(
  secrets: Pick<Secrets, "hmac">,
  list: Omit<StoredList, "seal" | "loadedAt" | "contentSha256"> & { contentSha256: Buffer },
): Buffer {
  const { id, organisationId, name, version, description, type, attributes, entries, source, loadedBy } =
    list;
  const said = [id, organisationId, name, version, description, type, attributes, entries, source, loadedBy];
  return secrets.hmac("warning-list", JSON.stringify([...said, list.contentSha256.toString("hex")]));
}

export function isSealed(secrets: Pick<Secrets, "hmac">, list: StoredList): boolean {
  return sameBytes(list.seal, sealList(secrets, list));
}

const Entries = z.array(z.string());
const [deflated, inflated] = [promisify(deflate), promisify(inflate)];

/** Entries as they are kept, and the hash that they are sealed by. */
export async function packEntries(
  list: readonly string[],
): Promise<{ content: Buffer; contentSha256: Buffer }> {
  const json = JSON.stringify(list);
  return { content: await deflated(json), contentSha256: createHash("sha256").update(json).digest() };
}

/** Undefined where the list has ended meanwhile, or what is kept of it is not what was loaded. */
export async function readEntries(
  db: Queryable,
  { id, contentSha256 }: Pick<StoredList, "id" | "contentSha256">,
): Promise<string[] | undefined> {
  const content = await selectContent(db, id);
  if (content === undefined) return undefined;
  const json = await inflatedOf(content);
  if (json === undefined) return undefined;
  const isWhole = sameBytes(createHash("sha256").update(json).digest(), contentSha256);
  return isWhole ? Entries.parse(JSON.parse(json.toString("utf8"))) : undefined;
}

/** Undefined of bytes that are not what packEntries makes: whoever wrote them, it was not this platform. */
async function inflatedOf(content: Buffer): Promise<Buffer | undefined> {
  try {
    return await inflated(content, { maxOutputLength: MOST_OF_LIST.bytes * 2 });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "Z_DATA_ERROR" || code === "Z_BUF_ERROR" || code === "Z_NEED_DICT") return undefined;
    if (code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw error;
  }
}
