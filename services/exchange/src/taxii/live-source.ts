import { actorOf, wordOf } from "@suar/contract";
import {
  type Directory,
  type DirectoryEntry,
  directoryOf,
  type OrganisationCaller,
  type Platform,
  type Realm,
} from "@suar/runtime";
import { acceptSubmission } from "@suar/submit";
import {
  type ApiRootInformation,
  type Collection,
  type Discovery,
  type Envelope,
  type Page,
  type Selection,
  type Status,
  TaxiiError,
  type TaxiiSource,
} from "@suar/taxii";
import { hasEntry } from "../store/taxii-entry.ts";
import { selectTaxiiSubmission } from "../store/taxii-submission.ts";
import { withdrawOwn } from "../withdraw-own.ts";
import { collectionsOf, type LiveCollection } from "./collections.ts";
import { livePage, type ReadAsCaller } from "./live-page.ts";
import { identityId, referencesFor } from "./references.ts";
import { pendingStatus, submissionStatus } from "./submission-status.ts";

const MOST_BYTES = 16 * 1024 * 1024;

/**
 * One caller's view of the realm that its key is bound to: the log as TAXII collections, submissions as statuses.
 * `stillAllowed` throws once the key is good no more; long answers ask it again and again.
 */
export class LiveSource implements TaxiiSource<OrganisationCaller> {
  readonly roots: readonly string[];
  readonly #platform: Platform;
  readonly #directory: Directory;
  readonly #realm: Realm;
  readonly #stillAllowed: () => Promise<unknown>;
  /** Entries of the log whose bodies were put on the page. */
  readonly handed: number[] = [];

  constructor(platform: Platform, realm: Realm, stillAllowed: () => Promise<unknown>) {
    this.#platform = platform;
    this.#realm = realm;
    this.#directory = directoryOf(realm, platform.directory);
    this.#stillAllowed = stillAllowed;
    this.roots = [`/taxii2/${realm.name}/`];
  }

  async discovery(): Promise<Discovery> {
    return {
      title: "Suar",
      description:
        "Threat information of the national CERTs of China and ASEAN, as far as your key may read it",
      default: this.roots[0],
      api_roots: this.roots,
    };
  }

  async information(): Promise<ApiRootInformation> {
    return {
      title: this.#realm.kind === "live" ? "Suar" : "Suar: a drill",
      description: "Collections: everything, by producer, by TLP, by sector",
      versions: ["application/taxii+json;version=2.1"],
      max_content_length: MOST_BYTES,
    };
  }

  async status({ organisation }: OrganisationCaller, _root: string, id: string): Promise<Status | undefined> {
    return isUuid(id) ? await submissionStatus(this.#realm, organisation.id, id.toLowerCase()) : undefined;
  }

  async collections(caller: OrganisationCaller): Promise<readonly Collection[]> {
    return (await this.#collections(caller)).map(({ shown }) => shown);
  }

  async page(
    caller: OrganisationCaller,
    _root: string,
    { id }: Collection,
    selection: Selection,
  ): Promise<Page> {
    const organisations = await this.#directory.all();
    return await livePage(this.#readAs(caller), {
      scope: (await this.#collection(caller, id)).scope,
      creators: creatorsAmong(organisations),
      references: referencesFor(organisations, caller.organisation.member),
      selection,
      handed: (seq) => this.handed.push(seq),
    });
  }

  async has(
    caller: OrganisationCaller,
    _root: string,
    { id }: Collection,
    objectId: string,
  ): Promise<boolean> {
    const references = referencesFor(await this.#directory.all(), caller.organisation.member);
    if (references.some((record) => record.id === objectId)) return true;
    const { scope } = await this.#collection(caller, id);
    return await this.#readAs(caller)(async (db) => await hasEntry(db, scope, objectId));
  }

  async add(
    caller: OrganisationCaller,
    _root: string,
    { id: collection }: Collection,
    { objects, bytes }: Envelope,
  ): Promise<Status> {
    const { tlp } = await this.#collection(caller, collection);
    const { id } = await acceptSubmission(this.#realm, this.#platform.queue, {
      organisationId: caller.organisation.id,
      actor: actorOf(caller),
      word: wordOf(caller),
      format: "stix",
      options: { tlp, to: [], taxii: { collection, objects: objects.length } },
      source: oneChunk(bytes),
      maxBytes: MOST_BYTES,
    });
    const row = await selectTaxiiSubmission(this.#realm.write, id, caller.organisation.id);
    if (row === undefined) throw new Error("what was posted just now is not there");
    return pendingStatus(row);
  }

  /** A deletion is a withdrawal: of the caller's own, in all versions, and from everybody who was sent it. */
  async remove(
    caller: OrganisationCaller,
    _root: string,
    { id: collection }: Collection,
    { ids = [], versions, specVersions }: Selection,
  ): Promise<void> {
    const [id = ""] = ids;
    if (specVersions !== undefined && !specVersions.includes("2.1"))
      throw new TaxiiError(404, "There is no such version of the object");
    if (!versions.includes("all"))
      throw new TaxiiError(
        403,
        "A deletion withdraws an object in all of its versions; leave match[version] out",
      );
    const { scope } = await this.#collection(caller, collection);
    const own = { ...scope, producer: caller.organisation.id };
    const find = async (which: "any" | "live") =>
      await this.#readAs(caller)(async (db) => await hasEntry(db, own, id, which));
    if (!(await find("any"))) throw new TaxiiError(403, "Only who stated an object withdraws it");
    if (!(await find("live"))) throw new TaxiiError(404, "It is withdrawn already");
    await withdrawOwn(this.#platform, caller, id);
  }

  #readAs({ organisation }: OrganisationCaller): ReadAsCaller {
    return async (work) => {
      await this.#stillAllowed();
      return await this.#realm.readAs(organisation.id, work);
    };
  }

  async #collections(caller: OrganisationCaller): Promise<LiveCollection[]> {
    return collectionsOf({
      realm: this.#realm.name,
      own: caller.organisation,
      mayWrite: mayWrite(caller),
      organisations: await this.#directory.all(),
      sectors: await this.#directory.sectors(),
    });
  }

  async #collection(caller: OrganisationCaller, id: string): Promise<LiveCollection> {
    const found = (await this.#collections(caller)).find(({ shown }) => shown.id === id);
    if (found === undefined) throw new TaxiiError(404, "There is no such collection");
    return found;
  }
}

/** As for `POST /v1/submissions`: analysts submit, and nobody to a drill that has ended. */
function mayWrite(caller: OrganisationCaller): boolean {
  return caller.roles.includes("analyst") && !caller.drillEnded;
}

function creatorsAmong(organisations: readonly DirectoryEntry[]) {
  return {
    producers: organisations.map(({ id }) => id),
    identities: organisations.map(({ code }) => identityId(code)),
  };
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
