import { Caller, type ClientOptions } from "./call.ts";
import { type WatchOptions, watch } from "./live/watch.ts";
import { Advisories } from "./resources/advisories.ts";
import { Agreements } from "./resources/agreements.ts";
import { Alerts } from "./resources/alerts.ts";
import { Approvals } from "./resources/approvals.ts";
import { Closing } from "./resources/closing.ts";
import { Drills } from "./resources/drills.ts";
import { Exports } from "./resources/exports.ts";
import { Identity } from "./resources/identity.ts";
import { Inbox } from "./resources/inbox.ts";
import { Log } from "./resources/log.ts";
import { Objects } from "./resources/objects.ts";
import { Policies } from "./resources/policies.ts";
import { PublicReading } from "./resources/public.ts";
import { Recalls } from "./resources/recalls.ts";
import { Sightings } from "./resources/sightings.ts";
import { Sources } from "./resources/sources.ts";
import { Submissions } from "./resources/submissions.ts";
import { Tlog } from "./resources/tlog.ts";
import { WarningListResource } from "./resources/warning-lists.ts";
import { WatchLists } from "./resources/watch-list.ts";
import { Webhooks } from "./resources/webhooks.ts";

/**
 * A platform, seen by the holder of one key.
 *
 * ```ts
 * const suar = new SuarClient({ url: "http://127.0.0.1:8080", key });
 * const { id } = await suar.submissions.submit({ file: "report.json" }, { tlp: "green" });
 * const { counts } = await suar.submissions.wait(id);
 * for await (const item of suar.watch({ after: 0 })) console.log(item.seq, item.object.type);
 * ```
 */
export class SuarClient {
  readonly url: string;
  readonly submissions: Submissions;
  readonly sightings: Sightings;
  readonly sources: Sources;
  readonly log: Log;
  readonly objects: Objects;
  /** What everybody may read, with or without a key. */
  readonly public: PublicReading;
  /** What you may see, in formats of other tools, and links under which machines read it. */
  readonly exports: Exports;
  readonly inbox: Inbox;
  readonly recalls: Recalls;
  /** What your organisation has, and filters call `@watch`. */
  readonly watchList: WatchLists;
  /** What is no threat: marked when it is submitted, and in no blocklist. */
  readonly warningLists: WarningListResource;
  readonly webhooks: Webhooks;
  readonly alerts: Alerts;
  readonly advisories: Advisories;
  readonly agreements: Agreements;
  readonly approvals: Approvals;
  readonly policies: Policies;
  readonly closing: Closing;
  readonly drills: Drills;
  readonly identity: Identity;
  readonly tlog: Tlog;
  /** Any call of the contract, typed by its route. */
  readonly call: Caller["call"];
  readonly #key: string | undefined;

  constructor(options: ClientOptions) {
    const caller = new Caller(options);
    this.url = caller.url;
    this.#key = caller.key;
    this.call = caller.call.bind(caller);
    this.submissions = new Submissions(caller);
    this.sightings = new Sightings(caller);
    this.sources = new Sources(caller);
    this.log = new Log(caller);
    this.objects = new Objects(caller);
    this.public = new PublicReading(caller);
    this.exports = new Exports(caller);
    this.inbox = new Inbox(caller);
    this.recalls = new Recalls(caller);
    this.watchList = new WatchLists(caller);
    this.warningLists = new WarningListResource(caller);
    this.webhooks = new Webhooks(caller);
    this.alerts = new Alerts(caller);
    this.advisories = new Advisories(caller);
    this.agreements = new Agreements(caller);
    this.approvals = new Approvals(caller);
    this.policies = new Policies(caller);
    this.closing = new Closing(caller);
    this.drills = new Drills(caller);
    this.identity = new Identity(caller);
    this.tlog = new Tlog(caller);
  }

  /** The live log; goes on by itself after a drop. */
  watch(options: WatchOptions = {}) {
    return watch({ url: this.url, key: this.#key }, options);
  }
}
