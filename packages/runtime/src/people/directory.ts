import type { Pool } from "../database/pool.ts";
import type { Secrets } from "../keys/secrets.ts";
import { channels, type Signals } from "../wake/signals.ts";
import { type Contact, findContacts } from "./contacts.ts";
import { readGroups } from "./recipient-groups.ts";

/** An organisation as the platform knows it; removed ones stay, since what they said still names them. */
export type DirectoryEntry = {
  id: number;
  code: string;
  member: string;
  kind: "cert" | "agency";
  name: string;
  sector: string | null;
  active: boolean;
  createdAt: Date;
};

/** A sector of critical infrastructure, by its name in STIX's industry-sector-ov (STIX 2.1 §10.9). */
export type Sector = { code: string; name: string };

/** Who there is: asked of the database at most every few seconds, and anew after every change. */
export type Directory = {
  all(): Promise<readonly DirectoryEntry[]>;
  active(): Promise<readonly DirectoryEntry[]>;
  byId(id: number): Promise<DirectoryEntry | undefined>;
  byCode(code: string): Promise<DirectoryEntry | undefined>;
  /** Codes of a group's members; undefined when there is no such group, or somebody changed it. */
  group(code: string): Promise<readonly string[] | undefined>;
  /** Those that have feeds of their own, in the order of their codes. */
  sectors(): Promise<readonly Sector[]>;
  /** Those of the people who have an open inbox at this moment, asked afresh. */
  contacts(people: readonly string[]): Promise<readonly Contact[]>;
};

const REMEMBERED_MS = 5_000;
const SUBJECT = "groups";

type Remembered = {
  until: number;
  all: readonly DirectoryEntry[];
  active: readonly DirectoryEntry[];
  byId: ReadonlyMap<number, DirectoryEntry>;
  byCode: ReadonlyMap<string, DirectoryEntry>;
  groups: ReadonlyMap<string, readonly string[]>;
  sectors: readonly Sector[];
};

export function createDirectory(
  core: Pool,
  signals: Signals,
  { secrets, troubles }: { secrets: Pick<Secrets, "hmac">; troubles: Map<string, string> },
): Directory {
  let known: Remembered | undefined;
  let asking: Promise<Remembered> | undefined;
  signals.listen(channels.credentials, () => {
    known = undefined;
  });
  const ask = async (): Promise<Remembered> => {
    const { rows } = await core.query<DirectoryEntry>(
      "SELECT id, code, member, kind, name, sector, status = 'active' AS active, created_at AS \"createdAt\" FROM core.organisation ORDER BY id",
    );
    const { groups, forged } = await readGroups(core, secrets);
    if (forged.length === 0) troubles.delete(SUBJECT);
    else troubles.set(SUBJECT, `not written by this platform: ${forged.join(", ")}`);
    const { rows: sectors } = await core.query<Sector>("SELECT code, name FROM core.sector ORDER BY code");
    return {
      until: Date.now() + REMEMBERED_MS,
      all: rows,
      active: rows.filter((row) => row.active),
      byId: new Map(rows.map((row) => [row.id, row])),
      byCode: new Map(rows.map((row) => [row.code, row])),
      groups: new Map(groups.map(({ code, members }) => [code, members])),
      sectors,
    };
  };
  const get = async (): Promise<Remembered> => {
    if (known !== undefined && known.until > Date.now()) return known;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    known = await asking;
    return known;
  };
  return {
    all: async () => (await get()).all,
    active: async () => (await get()).active,
    byId: async (id) => (await get()).byId.get(id),
    byCode: async (code) => (await get()).byCode.get(code),
    group: async (code) => (await get()).groups.get(code),
    sectors: async () => (await get()).sectors,
    contacts: async (people) => await findContacts(core, people),
  };
}
