import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { suarId } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { waitForSubmission, wholeLog } from "../../support/api.ts";
import { freshHost, itemWith, mentions, type Scene } from "../scene.ts";
import { fileScene } from "../source-scene.ts";

type MispEvent = { uuid: string; timestamp: number; host: string; creator?: string };

const ORGANISATION = "55f6ea5e-2c60-40e5-964f-47a8950d210f";

export function pulledFeedCases(scene: Scene): void {
  describe("feeds of MISP that are pulled", () => {
    const sources = fileScene();
    const { create, pullAgain, pulled, when } = sources;
    const owner = () => scene.as("BN");
    const feed = async (more: object = {}): Promise<any> =>
      await create(owner(), { kind: "misp", url: `${sources.server.url}/feed`, tlp: "green", ...more });
    /** Serves a feed of these events: each with one attribute. */
    const serve = (...events: readonly MispEvent[]): void => {
      const entries = events.map((event) => [event.uuid, entryOf(event)]);
      sources.server.files.set("/feed/manifest.json", JSON.stringify(Object.fromEntries(entries)));
      for (const event of events)
        sources.server.files.set(`/feed/${event.uuid}.json`, JSON.stringify({ Event: eventOf(event) }));
    };
    const askedFor = (): string[] =>
      sources.server.asked.splice(0).map(({ path }) => path.replace("/feed/", "").replace(".json", ""));
    const event = (about: string, timestamp: number, creator?: string): MispEvent => ({
      uuid: randomUUID(),
      timestamp,
      host: freshHost(about),
      ...(creator !== undefined && { creator }),
    });

    it("bring all their events, then only what is new or changed, however old it says it is", async () => {
      const [first, second] = [event("feed", 1_700_000_000), event("feed", 1_700_000_100)];
      serve(second, first);
      const source = await feed();
      const taken = await pulled(owner(), source.id, 2);
      expect(taken).toMatchObject({ kind: "misp", leftOut: 0, returned: 0, problem: null });
      expect(taken.addedUpTo).toBe("2023-11-14T22:15:00.000Z");
      for (const { host } of [first, second])
        expect(await itemWith(scene.as("TH"), host)).toMatchObject({ producer: "BN", tlp: "green" });
      // The longest unchanged first, and no list of hashes.
      expect(askedFor()).toEqual(["manifest", first.uuid, second.uuid]);
      const { body } = await waitForSubmission(owner(), taken.lastSubmission);
      expect(body).toMatchObject({ format: "misp", origin: { url: `${sources.server.url}/feed/` } });

      await pullAgain(owner(), source.id);
      expect(askedFor()).toEqual(["manifest"]);

      const old = event("feed-old", 1_600_000_000);
      const changed = { ...first, host: freshHost("feed-changed") };
      serve({ ...changed, timestamp: first.timestamp + 1_000 }, second, old);
      await owner().post(`/v1/sources/${source.id}/pull`);
      expect((await pulled(owner(), source.id, 4)).addedUpTo).toBe("2023-11-14T22:30:00.000Z");
      expect(askedFor()).toEqual(["manifest", old.uuid, first.uuid]);
      for (const { host } of [old, changed]) await itemWith(scene.as("TH"), host);
    });

    it("bring nothing of an event that its manifest says has changed, and that is as it was", async () => {
      const one = event("feed-same", 1_700_000_000);
      serve(one);
      const source = await feed();
      const taken = await pulled(owner(), source.id, 1);
      const content = sources.server.files.get(`/feed/${one.uuid}.json`) ?? "";
      serve({ ...one, timestamp: 1_700_000_001 });
      sources.server.files.set(`/feed/${one.uuid}.json`, content);
      const again = await pullAgain(owner(), source.id);
      expect(again).toMatchObject({ objects: 1, lastSubmission: taken.lastSubmission });
    });

    it("begin where they were told to", async () => {
      const [old, late] = [event("feed-before", 1_600_000_000), event("feed-after", 1_700_000_000)];
      serve(old, late);
      const source = await feed({ after: "2021-01-01T00:00:00Z" });
      await pulled(owner(), source.id, 1);
      expect(askedFor()).toEqual(["manifest", late.uuid]);
    });

    it("do not bring back what an organisation of this platform made, wherever the event says so", async () => {
      const creator = suarId("identity", "SG").slice("identity--".length);
      const [listed, hidden, theirs] = [
        event("feed-ours", 1, creator.toUpperCase()),
        event("feed-hidden", 2),
        event("feed-theirs", 3),
      ];
      serve(listed, hidden, theirs);
      sources.server.files.set(
        `/feed/${hidden.uuid}.json`,
        JSON.stringify({ Event: eventOf({ ...hidden, creator }) }),
      );
      const source = await feed();
      expect(await pulled(owner(), source.id, 3)).toMatchObject({ returned: 2, leftOut: 0 });
      expect(askedFor()).toEqual(["manifest", hidden.uuid, theirs.uuid]);
      await itemWith(scene.as("TH"), theirs.host);
      const log = await wholeLog(scene.as("TH"));
      for (const { host } of [listed, hidden]) expect(mentions(log, host)).toBe(false);
    });

    it("lose no event by another that cannot be taken, and bring that as soon as it is mended", async () => {
      const [broken, gone, whole] = [event("feed-broken", 1), event("feed-gone", 2), event("feed-whole", 3)];
      serve(broken, gone, whole);
      sources.server.files.set(`/feed/${broken.uuid}.json`, '{"Event":{');
      sources.server.files.delete(`/feed/${gone.uuid}.json`);
      const source = await feed();
      expect(await pulled(owner(), source.id, 3)).toMatchObject({ leftOut: 2, problem: null });
      await itemWith(scene.as("TH"), whole.host);
      expect(await pullAgain(owner(), source.id)).toMatchObject({ objects: 3, leftOut: 2 });
      serve({ ...broken, timestamp: 4 }, gone, whole);
      await owner().post(`/v1/sources/${source.id}/pull`);
      await pulled(owner(), source.id, 4);
      await itemWith(scene.as("TH"), broken.host);
    });

    it("tell of each event that cannot be taken why, and bring all the others", async () => {
      const names = ["gone", "large", "torn", "other", "page", "shut", "failing", "within"] as const;
      const broken = Object.fromEntries(
        names.map((name, n) => [name, event(`feed-${name}`, n + 1)]),
      ) as Record<(typeof names)[number], MispEvent>;
      const whole = names.map((_, n) => event(`feed-whole-${n}`, n + 1));
      serve(...Object.values(broken), ...whole);
      let isMended = false;
      sources.server.answer(({ url = "" }, response) => {
        const name = isMended ? undefined : names.find((one) => url.includes(broken[one].uuid));
        if (name === undefined) return false;
        if (name === "gone") response.writeHead(404).end();
        else if (name === "large") endless(response);
        else if (name === "torn") response.writeHead(200).end('{"Event":{');
        else if (name === "other")
          response.writeHead(200).end(JSON.stringify({ Event: eventOf(event("x", 1)) }));
        else if (name === "page") response.writeHead(200, { "content-type": "text/html" }).end("<html>");
        else if (name === "shut") response.writeHead(403).end();
        else if (name === "failing") response.writeHead(500).end();
        else response.writeHead(302, { location: "http://169.254.169.254/latest" }).end();
        return true;
      });
      const source = await feed();
      const taken = await pulled(owner(), source.id, 2 * names.length);
      expect(taken).toMatchObject({
        leftOut: names.length,
        untaken: names.length,
        problem: null,
        failures: 0,
      });
      const told = (one: any): object =>
        Object.fromEntries(one.troubles.map(({ event: uuid, code, tries }: any) => [uuid, [code, tries]]));
      expect(told(taken)).toEqual({
        [broken.gone.uuid]: ["not-found", 1],
        [broken.large.uuid]: ["too-large", 1],
        [broken.torn.uuid]: ["not-an-event", 1],
        [broken.other.uuid]: ["not-an-event", 1],
        [broken.page.uuid]: ["not-a-file", 1],
        [broken.shut.uuid]: ["forbidden", 1],
        [broken.failing.uuid]: ["server-error", 1],
        [broken.within.uuid]: ["address-refused", 1],
      });
      for (const { host } of whole) await itemWith(scene.as("TH"), host);
      // At the next look once more, and then not before its time.
      expect(told(await pullAgain(owner(), source.id))).toMatchObject({
        [broken.gone.uuid]: ["not-found", 2],
      });
      askedFor();
      expect(told(await pullAgain(owner(), source.id))).toMatchObject({
        [broken.gone.uuid]: ["not-found", 2],
      });
      expect(askedFor()).toEqual(["manifest"]);
      isMended = true;
      serve(...Object.values(broken).map((one) => ({ ...one, timestamp: 100 })), ...whole);
      await owner().post(`/v1/sources/${source.id}/pull`);
      const mended = await pulled(owner(), source.id, 3 * names.length);
      expect(mended).toMatchObject({ troubles: [], untaken: 0, problem: null });
      for (const { host } of Object.values(broken)) await itemWith(scene.as("TH"), host);
    });

    it("go on after a server that was down, past what it could not give, and come back to that", async () => {
      const events = Array.from({ length: 5 }, (_, n) => event(`feed-down-${n}`, n + 1));
      serve(...events);
      let isDown = true;
      sources.server.answer(({ url = "" }, response) => {
        if (!isDown || url.includes("manifest")) return false;
        response.writeHead(500).end();
        return true;
      });
      const source = await feed();
      const failed = await when(owner(), source.id, "a failure", ({ failures }) => failures > 0);
      expect(failed).toMatchObject({ problem: { code: "server-error" }, untaken: 3, lastSuccessAt: null });
      expect(askedFor()).toEqual(["manifest", ...events.slice(0, 3).map(({ uuid }) => uuid)]);
      isDown = false;
      await owner().post(`/v1/sources/${source.id}/pull`);
      const back = await pulled(owner(), source.id, 8);
      expect(back).toMatchObject({ untaken: 0, troubles: [], problem: null });
      expect(askedFor()).toEqual(["manifest", ...[3, 4, 0, 1, 2].map((n) => events[n]?.uuid)]);
      for (const { host } of events) await itemWith(scene.as("TH"), host);
    });

    it("say that an address is no feed, and that a server fails", async () => {
      sources.server.files.set("/feed/manifest.json", '{"objects":[]}');
      const source = await feed();
      const failed = await when(owner(), source.id, "a failure", ({ failures }) => failures > 0);
      expect(failed).toMatchObject({ problem: { code: "not-a-feed" }, objects: 0, lastSuccessAt: null });
      const one = event("feed-back", 1);
      serve(one);
      sources.server.answer(({ url }, response) => {
        if (url?.includes(one.uuid) !== true) return false;
        response.writeHead(503, { "retry-after": "3600" }).end();
        return true;
      });
      await owner().post(`/v1/sources/${source.id}/pull`);
      const busy = await when(owner(), source.id, "another", ({ problem }) => problem?.code === "busy");
      expect(busy).toMatchObject({ objects: 0, leftOut: 0 });
      expect(Date.parse(busy.nextAt)).toBeGreaterThan(Date.now() + 3_000_000);
      sources.server.answer(() => false);
      await owner().post(`/v1/sources/${source.id}/pull`);
      expect(await pulled(owner(), source.id, 1)).toMatchObject({ problem: null, failures: 0 });
    });
  });
}

function entryOf({ timestamp, creator = ORGANISATION }: MispEvent): object {
  return {
    info: "What was seen",
    date: "2026-01-01",
    analysis: 2,
    threat_level_id: 3,
    timestamp: String(timestamp),
    Orgc: { name: "Somebody", uuid: creator },
  };
}

function eventOf(event: MispEvent): object {
  const attribute = {
    uuid: event.uuid.replace(/^.{8}/, "aaaaaaaa"),
    type: "domain",
    category: "Network activity",
    to_ids: true,
    value: event.host,
    timestamp: String(event.timestamp),
  };
  return { ...entryOf(event), uuid: event.uuid, published: true, Attribute: [attribute] };
}

/** More than an event may have, and no end. */
function endless(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" });
  const part = Buffer.alloc(1024 * 1024, " ");
  const write = (): void => {
    while (!response.destroyed && response.write(part));
  };
  response.on("drain", write);
  write();
}
