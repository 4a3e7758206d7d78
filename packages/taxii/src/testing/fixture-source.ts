import { randomUUID } from "node:crypto";
import { compareTimestamps, isTimestamp, microsFromTimestamp, typeOfId } from "@suar/stix";
import { z } from "zod";
import { isObjectId } from "../server/object-id.ts";
import { comparePlaces } from "../server/place.ts";
import { type HeldRecord, selectRecords, sixDecimals } from "../server/select-records.ts";
import type { Selection } from "../server/selection.ts";
import type {
  ApiRootInformation,
  Collection,
  Discovery,
  Envelope,
  Page,
  Status,
  TaxiiSource,
} from "../server/source.ts";
import { TaxiiError } from "../server/taxii-error.ts";

const StixId = z.string().min(3);
const Time = z.string().refine(isTimestamp, "not a timestamp");

const Content = z.object({
  date_added: Time,
  version: z.string(),
  media_type: z.string().default("application/stix+json;version=2.1"),
  object: z.looseObject({ id: StixId, type: z.string() }),
});

const FixtureCollection = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string().optional(),
  alias: z.string().optional(),
  can_read: z.boolean(),
  can_write: z.boolean(),
  media_types: z.array(z.string()).optional(),
  contents: z.array(Content).default([]),
});

/** What a server is to serve, as a file says it: for trying clients and suites against the protocol alone. */
export const Fixture = z.object({
  discovery: z.looseObject({ title: z.string() }),
  api_roots: z.array(
    z.object({
      path: z.string().regex(/^\/(?:[^/]+\/)+$/, "a path with slashes around it, such as /api1/"),
      information: z.looseObject({
        title: z.string(),
        versions: z.array(z.string()),
        max_content_length: z.int().positive(),
      }),
      statuses: z
        .array(z.looseObject({ id: z.string(), status: z.enum(["pending", "complete"]) }))
        .default([]),
      collections: z.array(FixtureCollection).default([]),
    }),
  ),
});
export type Fixture = z.infer<typeof Fixture>;

type HeldCollection = { shown: Collection; records: HeldRecord[] };
type HeldRoot = {
  information: ApiRootInformation;
  statuses: Map<string, Status>;
  collections: HeldCollection[];
};

/** Holds a fixture in memory. Whoever is let in may see all of it; what is posted is there at once. */
export class FixtureSource implements TaxiiSource<true> {
  readonly roots: readonly string[];
  readonly #discovery: Discovery;
  readonly #held: ReadonlyMap<string, HeldRoot>;
  /** Versions that were deleted, by collection and object. */
  readonly #deleted = new Map<string, string[]>();
  #ordinal = 0n;
  #lastAdded = 0n;

  constructor({ discovery, api_roots: roots }: Fixture) {
    this.#discovery = discovery;
    this.#held = new Map(
      roots.map(({ path, information, statuses, collections }) => [
        path,
        {
          information,
          statuses: new Map(statuses.map((status) => [status.id, status])),
          collections: collections.map(({ contents, ...shown }) => ({
            shown,
            records: this.#hold(contents),
          })),
        },
      ]),
    );
    // The longest first: one root's path may begin with another's.
    this.roots = [...this.#held.keys()].sort((a, b) => b.length - a.length);
  }

  async discovery(): Promise<Discovery> {
    return this.#discovery;
  }

  async information(_caller: true, root: string): Promise<ApiRootInformation | undefined> {
    return this.#held.get(root)?.information;
  }

  async status(_caller: true, root: string, id: string): Promise<Status | undefined> {
    return this.#held.get(root)?.statuses.get(id);
  }

  async collections(_caller: true, root: string): Promise<readonly Collection[]> {
    return this.#held.get(root)?.collections.map(({ shown }) => shown) ?? [];
  }

  async page(_caller: true, root: string, collection: Collection, selection: Selection): Promise<Page> {
    const page = selectRecords(this.#records(root, collection), selection);
    if (page.dates === undefined) this.#refuseDeleted(root, collection, selection);
    return page;
  }

  /** §5.7: a version that was deleted is not found, and not merely none of those that are left. */
  #refuseDeleted(root: string, collection: Collection, { ids = [], versions }: Selection): void {
    const gone = this.#deleted.get(`${root}${collection.id}/${ids.join(",")}`) ?? [];
    const isGone = (time: string): boolean =>
      isTimestamp(time) && gone.some((version) => compareTimestamps(time, version) === 0);
    if (versions.some(isGone)) throw new TaxiiError(404, "This version of the object was deleted");
  }

  async has(_caller: true, root: string, collection: Collection, objectId: string): Promise<boolean> {
    return this.#records(root, collection).some(({ id }) => id === objectId);
  }

  /** The same version of the same object again is no error, and nothing new (§5.5). */
  async add(_caller: true, root: string, collection: Collection, { objects }: Envelope): Promise<Status> {
    const records = this.#records(root, collection);
    const successes: object[] = [];
    const failures: object[] = [];
    for (const object of objects as Record<string, unknown>[]) {
      const added = this.#add(records, object);
      const version = String(object.modified ?? object.created ?? "");
      if (typeof added === "string") failures.push({ id: String(object.id), version, message: added });
      else successes.push({ id: added.id, version: added.version });
    }
    const status: Status = {
      id: randomUUID(),
      status: "complete",
      request_timestamp: sixDecimals(new Date().toISOString()),
      total_count: objects.length,
      success_count: successes.length,
      ...(successes.length > 0 && { successes }),
      failure_count: failures.length,
      ...(failures.length > 0 && { failures }),
      pending_count: 0,
    };
    this.#held.get(root)?.statuses.set(status.id, status);
    return status;
  }

  async remove(_caller: true, root: string, collection: Collection, selection: Selection): Promise<void> {
    const records = this.#records(root, collection);
    const page = selectRecords(records, { ...selection, next: undefined, limit: records.length + 1 });
    const gone = new Set(page.records as HeldRecord[]);
    if (gone.size === 0) throw new TaxiiError(404, "There is no such version of the object");
    for (const { id, version } of gone) {
      if (!isTimestamp(version)) continue;
      const key = `${root}${collection.id}/${id}`;
      this.#deleted.set(key, [...(this.#deleted.get(key) ?? []), version]);
    }
    records.splice(0, records.length, ...records.filter((record) => !gone.has(record)));
  }

  #records(root: string, { id }: Collection): HeldRecord[] {
    return this.#held.get(root)?.collections.find(({ shown }) => shown.id === id)?.records ?? [];
  }

  #hold(contents: Fixture["api_roots"][number]["collections"][number]["contents"]): HeldRecord[] {
    return contents
      .map(({ date_added, version, media_type, object }) =>
        this.#record(object, { added: date_added, version, mediaType: media_type }),
      )
      .sort((a, b) => comparePlaces(a.place, b.place));
  }

  #record(
    object: Record<string, unknown>,
    { added, version, mediaType }: { added: string; version: string; mediaType: string },
  ): HeldRecord {
    const specVersion = /version=(\d+\.\d+)/.exec(mediaType)?.[1] ?? "2.1";
    return {
      id: String(object.id),
      type: String(object.type),
      dateAdded: sixDecimals(added),
      version,
      mediaType,
      specVersion,
      body: JSON.stringify(object),
      place: { micros: microsFromTimestamp(added), ordinal: this.#ordinal++ },
    };
  }

  /** Dates of what is posted go up, so that they are different. */
  #add(records: HeldRecord[], object: Record<string, unknown>): HeldRecord | string {
    const { id, type } = object;
    if (!isObjectId(id) || typeOfId(id) !== type) return "It has no STIX id of its type";
    const now = BigInt(Date.now()) * 1_000n;
    this.#lastAdded = now > this.#lastAdded ? now : this.#lastAdded + 1n;
    const added = new Date(Number(this.#lastAdded / 1_000n)).toISOString();
    const micros = `${added.slice(0, -1)}${String(this.#lastAdded % 1_000n).padStart(3, "0")}Z`;
    const version = [object.modified, object.created].find(
      (time) => typeof time === "string" && isTimestamp(time),
    );
    const spec = specVersionOf(object);
    const record = this.#record(object, {
      added: micros,
      version: (version as string | undefined) ?? micros,
      mediaType: `application/stix+json;version=${spec}`,
    });
    const same = records.find(
      (one) => one.id === id && (one.version === record.version || version === undefined),
    );
    if (same === undefined) records.push(record);
    return same ?? record;
  }
}

/** Objects of STIX 2.0 do not say that they are; observables of STIX 2.1 need not (§3.2 of STIX). */
function specVersionOf({ spec_version: said, created }: Record<string, unknown>): string {
  if (typeof said === "string" && /^\d+\.\d+$/.test(said)) return said;
  return created === undefined ? "2.1" : "2.0";
}
