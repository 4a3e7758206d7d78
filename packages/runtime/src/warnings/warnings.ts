import { type ActiveList, type CompiledList, compileList, WarningLists } from "@suar/formats";
import type { Pool } from "../database/pool.ts";
import type { Secrets } from "../keys/secrets.ts";
import {
  isSealed,
  readEntries,
  type StoredList,
  selectActiveLists,
  selectMembersDomains,
} from "./stored-list.ts";

/** The warning lists of the platform, in the form in which they are asked. */
export type Warnings = {
  /** Those that count for an organisation at this moment: a list that was loaded a moment ago does, one that has ended does not. */
  of(organisationId: number, realm: string): Promise<WarningLists>;
  /** What those say of themselves that were loaded: never one that this platform did not write as it stands. */
  heads(organisationId: number, realm: string): Promise<StoredList[]>;
};

/** Organisations whose own lists stay compiled: those that asked last. */
const MOST_OWNERS = 32;
const SUBJECT = "warning-lists";
const FOR_ALL = "all";
/** No organisation has it. */
const NOBODY = 0;

/** The name and version of the list of members' own domains, which is made of what the members say of themselves. */
export const MEMBERS_DOMAINS = {
  id: "members-domains",
  name: "Suar: members' own domains",
  version: 1,
  description: "Names of the members themselves, and all below them.",
  type: "hostname",
} as const;

export function createWarnings(
  core: Pool,
  { secrets, troubles }: { secrets: Pick<Secrets, "hmac">; troubles: Map<string, string> },
): Warnings {
  const compiled = new Compiled(core);
  // By whose they are: whoever looks next says anew which of its own and of everybody's are forged.
  const forged = new Map<string, number | null>();
  const tell = (organisationId: number, bad: readonly StoredList[]): void => {
    for (const [id, owner] of forged) if (owner === null || owner === organisationId) forged.delete(id);
    for (const list of bad) forged.set(list.id, list.organisationId);
    if (forged.size === 0) troubles.delete(SUBJECT);
    else troubles.set(SUBJECT, `not written by this platform: ${[...forged.keys()].join(", ")}`);
  };
  const usable = async (organisationId: number): Promise<UsableList[]> => {
    const stored = await selectActiveLists(core, organisationId);
    const [lists, bad]: [UsableList[], StoredList[]] = [[], []];
    compiled.forget(organisationId, stored);
    for (const head of stored) {
      const one = isSealed(secrets, head) ? await compiled.of(head) : undefined;
      if (one === undefined) bad.push(head);
      else lists.push({ head, compiled: one });
    }
    // One that ended while it was looked at is gone, and not forged.
    const still = bad.length === 0 ? [] : await selectActiveLists(core, organisationId);
    const ids = new Set(still.map(({ id }) => id));
    tell(
      organisationId,
      bad.filter(({ id }) => ids.has(id)),
    );
    return lists;
  };
  return {
    of: async (id, realm) => {
      const lists = await usable(ownListsOf(id, realm));
      const domains = await compiled.ofDomains(await selectMembersDomains(core));
      const active = lists.map((list) => activeOf(list.head, list.compiled));
      return new WarningLists([...active, { ...MEMBERS_DOMAINS, ...domains, isShared: true }]);
    },
    heads: async (id, realm) => (await usable(ownListsOf(id, realm))).map(({ head }) => head),
  };
}

type UsableList = { head: StoredList; compiled: CompiledList };

/** Of an organisation's own lists nothing is told in a drill, whose coordinator has every player's keys. */
export function ownListsOf(organisationId: number, realm: string): number {
  return realm === "live" ? organisationId : NOBODY;
}

function activeOf({ name, version, organisationId }: StoredList, { kinds, holds }: CompiledList): ActiveList {
  return { name, version: Number(version), isShared: organisationId === null, kinds, holds };
}

type Compiling = Promise<CompiledList | undefined>;

/** Lists that were compiled, by whose they are: each once, however many ask at the same time. */
class Compiled {
  readonly #core: Pool;
  readonly #byOwner = new Map<string, Map<string, Compiling>>();
  #domains: { text: string; list: Promise<CompiledList> } | undefined;

  constructor(core: Pool) {
    this.#core = core;
  }

  /** Undefined where its entries are gone, or are not those that were loaded. */
  async of(list: StoredList): Compiling {
    const own = this.#of(ownerOf(list.organisationId));
    // A list never changes under its id; whoever writes the database may.
    const key = `${list.id} ${list.seal.toString("hex")}`;
    const compiling = own.get(key) ?? this.#compile(list);
    own.set(key, compiling);
    try {
      const list = await compiling;
      // Its entries may be put right again under the same seal.
      if (list === undefined) own.delete(key);
      return list;
    } catch (error) {
      own.delete(key);
      throw error;
    }
  }

  async ofDomains(domains: readonly string[]): Promise<CompiledList> {
    const text = JSON.stringify(domains);
    if (this.#domains?.text !== text) {
      const { name, version, description, type } = MEMBERS_DOMAINS;
      const list = { name, version, description, type, matching_attributes: [], list: [...domains] };
      this.#domains = { text, list: compileList(list).then(({ compiled }) => compiled) };
    }
    return await this.#domains.list;
  }

  /** Drops what has ended, and the lists of whoever has not asked for longest. */
  forget(organisationId: number, active: readonly StoredList[]): void {
    const keys = new Set(active.map(({ id, seal }) => `${id} ${seal.toString("hex")}`));
    for (const owner of [FOR_ALL, ownerOf(organisationId)])
      for (const key of this.#of(owner).keys()) if (!keys.has(key)) this.#of(owner).delete(key);
    for (const owner of this.#byOwner.keys()) {
      if (this.#byOwner.size <= MOST_OWNERS) break;
      if (owner !== FOR_ALL) this.#byOwner.delete(owner);
    }
  }

  #of(owner: string): Map<string, Compiling> {
    const own = this.#byOwner.get(owner) ?? new Map<string, Compiling>();
    // The last in the order of the map is who asked last.
    this.#byOwner.delete(owner);
    this.#byOwner.set(owner, own);
    return own;
  }

  async #compile(stored: StoredList): Compiling {
    const list = await readEntries(this.#core, stored);
    if (list === undefined) return undefined;
    const { name, description, type } = stored;
    const whole = { name, description, type, list, version: Number(stored.version) };
    const { compiled, faults } = await compileList({ ...whole, matching_attributes: [...stored.attributes] });
    if (faults.inAll > 0) throw new Error(`the warning list ${stored.id} cannot be compiled any more`);
    return compiled;
  }
}

function ownerOf(organisationId: number | null): string {
  return organisationId === null ? FOR_ALL : String(organisationId);
}
