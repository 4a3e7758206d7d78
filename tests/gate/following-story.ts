import {
  closeNarrowed,
  type MarkingChange,
  mark,
  markingOf,
  type ReleaseContext,
  recall,
  reevaluate,
} from "@suar/gate";
import type { PairPolicy } from "@suar/policy";
import type { StixObject } from "@suar/stix";
import { expect } from "vitest";
import { taxiiCaller } from "../e2e/taxii-caller.ts";
import type { LiveReader } from "../support/live.ts";
import { Held, LogFollower, TaxiiFollower } from "./followers.ts";
import { type GateScene, item, thing, withPair } from "./gate-scene.ts";

export const COLLECTION = "/taxii2/live/collections/all/";

/** What policies let SG tell MY. */
export const POLICIES: Record<string, (policy: PairPolicy) => Partial<PairPolicy>> = {
  open: () => ({}),
  shut: () => ({ effective: { from: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" } }),
  "no tools": ({ rules }) => ({ rules: [...rules, withholding(rules, { type: ["tool"] })] }),
  "nothing late": ({ rules }) => ({ rules: [...rules, withholding(rules, { label: ["late"] })] }),
};
type Policies = keyof typeof POLICIES;

function withholding([one]: PairPolicy["rules"], when: object): PairPolicy["rules"][number] {
  const then = `"if":${JSON.stringify(when)},"then":"withhold"`;
  return JSON.parse(`{"id":"withheld","party":"exporter",${then},"source":"A test","guide":"${one?.guide}"}`);
}

/** SG's objects: a tool in versions, a report that names it, and a name that STIX cannot revoke. MY follows them. */
export class Story {
  readonly tool: StixObject;
  readonly report: StixObject;
  readonly name: StixObject;
  readonly steps: string[] = [];
  readonly taxii: TaxiiFollower;
  readonly log: LogFollower;
  #version = 1;
  #policies: Policies = "open";

  readonly #scene: GateScene;

  constructor(scene: GateScene, word: string) {
    this.#scene = scene;
    this.tool = thing("tool", { name: `${word} tool` });
    this.report = thing("report", {
      name: `${word} report`,
      published: "2026-01-01T00:00:00.000Z",
      object_refs: [this.tool.id],
    });
    this.name = thing("domain-name", { value: `${word}.example` });
    this.taxii = new TaxiiFollower(scene.platform.url, scene.platform.key("MY", "subscriber"));
    this.log = new LogFollower(scene.as("MY", "subscriber"));
  }

  async #context(policies = this.#policies, member = "SG"): Promise<ReleaseContext> {
    const context = await this.#scene.context(member);
    const change = POLICIES[policies] ?? (() => ({}));
    return { ...context, policies: withPair(context.policies, ["SG", "MY"], change) };
  }

  get #newest(): StixObject {
    const modified = `2026-01-${String(this.#version).padStart(2, "0")}T00:00:00.000Z`;
    const name = `${this.tool.name} ${this.#version}`;
    return { ...this.tool, modified, name, ...(this.#version % 2 === 0 && { labels: ["late"] }) };
  }

  async state(): Promise<void> {
    await this.#state([this.#newest, this.report, this.name]);
  }

  async #state(objects: readonly StixObject[], more = {}, member = "SG"): Promise<void> {
    const context = await this.#context(this.#policies, member);
    await this.#scene.state(context, ...objects.map((one) => item(one, more)));
  }

  async newer(): Promise<void> {
    this.#version += 1;
    await this.#state([this.#newest]);
  }

  async others(): Promise<void> {
    await this.#state([{ ...this.#newest, name: `${this.tool.name} by TH` }], {}, "TH");
  }

  /** Closed before anybody is told, by policies that may hold or not once they are. */
  async closed(policies: Policies): Promise<void> {
    const context = await this.#context(policies);
    await this.#scene.write(async (db) => await closeNarrowed(db, context, { after: "", limit: 500 }));
  }

  async decided(policies: Policies): Promise<void> {
    this.#policies = policies;
    const context = await this.#context();
    const stixIds = [this.tool.id, this.report.id, this.name.id];
    await this.#scene.write(async (db) => await reevaluate(db, context, { stixIds }));
  }

  async marked(object: StixObject, change: MarkingChange): Promise<void> {
    const context = await this.#context();
    const now = await markingOf(this.#scene.inside.realm.write, context.producer.id, object.id);
    if (now === undefined) return;
    const of = { stixId: object.id, tag: now.tag, by: "person:analyst" };
    await this.#scene.write(async (db) => await mark(db, context, of, change));
  }

  async recalled(object: StixObject, member = "SG"): Promise<void> {
    const context = await this.#context(this.#policies, member);
    if ((await markingOf(this.#scene.inside.realm.write, context.producer.id, object.id)) === undefined)
      return;
    await this.#scene.write(async (db) => await recall(db, context, { stixId: object.id, dueInMs: 60_000 }));
  }

  async step(name: string, work: () => Promise<void>): Promise<void> {
    this.steps.push(name);
    await work();
  }

  /** Followers hold what the server lists; what STIX cannot revoke may still lie with them. */
  async expectTrue(live?: LiveReader): Promise<void> {
    await this.decided(this.#policies);
    await this.taxii.poll();
    await this.log.poll();
    const taxii = taxiiCaller(this.#scene.platform.url, this.#scene.platform.key("MY", "subscriber"));
    const [listed, manifest] = [
      await taxii.all(`${COLLECTION}objects/?limit=7`),
      await taxii.all(`${COLLECTION}manifest/?limit=5`),
    ];
    const story = this.steps.join(", ");
    expect(
      manifest.objects.map(({ id }) => id),
      story,
    ).toEqual(listed.objects.map(({ id }) => id));
    const lists = new Map(listed.objects.map((one) => [one.id, one]));
    const held = this.log.held.newest;
    const streamed = live && (await streamedBy(this.#scene, live));
    for (const { id } of await this.#known()) {
      const there = lists.get(id);
      const mine = this.taxii.held.get(id);
      if (there !== undefined || canBeRevoked(mine)) expect(mine, `TAXII: ${story}`).toEqual(there);
      const { body, status } = await this.#scene.as("MY").get(`/v1/objects/${id}`);
      const stated = status === 404 ? [] : body.assertions.filter((one: any) => !one.withdrawn);
      const shown = stated.map((one: any) => unversioned([`${one.producer} ${id}`, one.object]));
      for (const follower of [held, streamed ?? held]) {
        const own = [...follower].filter(([name]) => name.endsWith(` ${id}`)).map(unversioned);
        expect(own.toSorted(), `log: ${story}`).toEqual(shown.toSorted());
      }
      const isListed = there !== undefined && there.revoked !== true;
      expect(isListed, `TAXII and /v1/objects: ${story}`).toBe(stated.length > 0);
    }
  }

  /** Its objects, and their copies under other ids. */
  async #known(): Promise<{ id: string }[]> {
    const own = [this.tool.id, this.report.id, this.name.id];
    const { rows } = await this.#scene.owner.query(
      `SELECT DISTINCT c.stix_id AS id FROM live.object_version v
         JOIN live.rendition c ON c.id = v.rendition_id OR c.id = ANY (v.copies) WHERE v.stix_id = ANY ($1)`,
      [own],
    );
    return rows;
  }
}

/** Of what has no version nobody can tell which of two markings it bears now: that it is there is what matters. */
function unversioned([name, object]: [string, any]): [string, unknown] {
  return [name, object.modified === undefined ? object.value : object];
}

function canBeRevoked(object: StixObject | undefined): boolean {
  return object !== undefined && object.type !== "domain-name";
}

async function streamedBy(scene: GateScene, live: LiveReader): Promise<Map<string, unknown>> {
  const { rows } = await scene.owner.query("SELECT seq FROM live.log_head");
  const head = Number(rows[0].seq);
  const reached = ({ op, seq, cursor }: any) =>
    (op === "event" ? seq : Number(String(cursor ?? ".0").split(".")[1])) >= head;
  await live.waitFor("the log's end", (messages) => messages.some(reached));
  const held = new Held();
  for (const event of live.events) held.add(event);
  return held.newest;
}
