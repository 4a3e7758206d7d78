import { describe, expect, it } from "vitest";
import { type Answer, type Caller, submitAndWait, until, wholeLog } from "../../support/api.ts";
import { bundleOf } from "../../support/bundle-of.ts";
import { redTo } from "../../support/sessions.ts";
import { inboxScene } from "../inbox-scene.ts";
import { indicatorOf } from "../indicator-of.ts";
import { freshHost, knowsNothingOf, mentions, type Scene } from "../scene.ts";

const CSV = "text/csv";
const JSON_TYPE = "application/json";

export function inboxCases(scene: Scene): void {
  const { withKey, signIn, contact, personOf, send, itemOf, shape } = inboxScene(scene);

  describe("TLP:RED", () => {
    it("reaches the named person alone, who is seen to have read it", async () => {
      const host = freshHost("red");
      const [to, other] = [await contact("MY"), await contact("MY")];
      const sender = await signIn("SG", await personOf(scene.as("SG")));
      const sent = await send(sender.api, [host], to.person);
      expect(sent.body).toMatchObject({ status: "done", counts: { records: 1, accepted: 1 } });

      const before = await itemOf(to);
      expect(before).toMatchObject({ producer: "SG", unread: true, withdrawnAt: null, acknowledgedAt: null });
      expect(JSON.stringify(before)).not.toContain(host);
      const mine = async () =>
        (await sender.api.get("/v1/inbox/sent")).body.items.find(({ id }: any) => id === sent.body.id);
      expect((await mine()).to).toMatchObject([
        { person: to.person, organisation: "MY", title: "Duty of MY", open: true, reads: 0, readAt: [] },
      ]);
      const read = await to.api.get(`/v1/inbox/${before.id}`);
      expect(read.body, read.text).toMatchObject({ unread: false, objects: read.body.content.length });
      expect(mentions(read.body.content, host)).toBe(true);
      expect(read.body.content[0].object_marking_refs).toContain(
        "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
      );
      await to.api.get(`/v1/inbox/${before.id}`);
      const [seen] = (await mine()).to;
      expect(seen.reads).toBe(2);
      expect(Date.parse(seen.readAt[0])).toBeGreaterThan(Date.parse(seen.readAt[1]));
      expect(Date.parse(seen.readAt[1])).toBeGreaterThanOrEqual(Date.parse(before.receivedAt));

      // A colleague of the reader's, in a session of the same kind.
      expect((await other.api.get("/v1/inbox")).body).toEqual({ items: [] });
      expect(shape(await other.api.get(`/v1/inbox/${before.id}`))).toEqual([404, "not-found"]);
      expect(shape(await other.api.post(`/v1/inbox/${before.id}/acknowledgement`))).toEqual([
        404,
        "not-found",
      ]);
      const acknowledged = await to.api.post(`/v1/inbox/${before.id}/acknowledgement`);
      const again = await to.api.post(`/v1/inbox/${before.id}/acknowledgement`);
      expect(acknowledged.body.acknowledgedAt).toEqual(expect.any(String));
      expect(again.body).toEqual(acknowledged.body);
      expect((await mine()).to[0].acknowledgedAt).toBe(acknowledged.body.acknowledgedAt);
    });

    it("is nowhere else: neither at the sender's organisation nor at the reader's", async () => {
      const host = freshHost("red-only");
      const to = await contact("TH");
      const sender = await signIn("VN", await personOf(scene.as("VN")));
      const logs = async () => await Promise.all(["VN", "TH", "SG"].map((code) => wholeLog(scene.as(code))));
      const head = async () => (await scene.as("SG").get("/v1/log?after=latest")).body.head;
      const [before, headBefore] = [await logs(), await head()];
      const sent = await send(sender.api, [host, freshHost("red-only")], to.person);
      const item = await itemOf(to);
      await to.api.get(`/v1/inbox/${item.id}`);
      // One leaf more, whatever it holds, and no item for anybody.
      expect((await head()) - headBefore).toBe(1);
      expect(await logs()).toEqual(before);
      for (const reader of [sender.api, to.api, scene.as("TH"), scene.as("VN"), scene.as("VN", "officer")]) {
        expect(await knowsNothingOf(reader, host)).toBe(true);
      }
      const { content } = (await to.api.get(`/v1/inbox/${item.id}`)).body;
      for (const { id } of content) expect((await to.api.get(`/v1/objects/${id}`)).status).toBe(404);
      // The submission is its submitter's own, at every address that knows of submissions.
      for (const colleague of [scene.as("VN", "officer"), await contact("VN").then(({ api }) => api)]) {
        expect(shape(await colleague.get(`/v1/submissions/${sent.body.id}`))).toEqual([404, "not-found"]);
        expect(mentions((await colleague.get("/v1/submissions?limit=500")).body, sent.body.id)).toBe(false);
      }
      const own = await sender.api.get("/v1/submissions");
      expect(mentions(own.body, sent.body.id)).toBe(true);
    });

    it("opens to a person's own session, and to no key of anybody", async () => {
      const to = await contact("MY");
      const sent = await send(scene.as("SG"), [freshHost("keys")], to.person);
      const { id } = await itemOf(to);
      const officer = scene.as("MY", "officer");
      const issued = await officer.post("/v1/keys", { roles: ["analyst", "officer"], label: "machine" });
      // The first keys are a person's, and were issued: the same person's session is another thing.
      const keys = [scene.as("MY"), officer, withKey(issued.body.key), scene.operator()];
      for (const api of keys) {
        for (const path of ["/v1/inbox", `/v1/inbox/${id}`])
          expect(shape(await api.get(path)), path).toEqual([403, "forbidden"]);
        expect(shape(await api.post(`/v1/inbox/${id}/acknowledgement`))).toEqual([403, "forbidden"]);
      }
      const sg = [scene.as("SG"), scene.as("SG", "officer")];
      for (const api of sg) {
        expect(shape(await api.get("/v1/inbox/sent"))).toEqual([403, "forbidden"]);
        expect(shape(await api.send("DELETE", `/v1/inbox/sent/${sent.body.id}`))).toEqual([403, "forbidden"]);
      }
      expect((await itemOf(to)).unread).toBe(true);
    });

    it("goes to none of the named people whose organisation it may not be released to", async () => {
      const [mine, theirs] = [await contact("MY"), await contact("VN")];
      const body = `value\n${freshHost("red-releasable")}\n`;
      const query = `${redTo(mine.person, theirs.person)}&releasableTo=MY`;
      await submitAndWait(scene.as("TH"), query, body, CSV);
      expect((await mine.api.get("/v1/inbox")).body.items).toHaveLength(1);
      expect((await theirs.api.get("/v1/inbox")).body).toEqual({ items: [] });
    });

    it("is unchanged for who said it before, and news from a colleague, who is told of nothing", async () => {
      const to = await contact("MY");
      const more = await contact("MY");
      const [one, two] = [scene.as("TH"), await contact("TH")];
      const indicator = bundleOf(indicatorOf(freshHost("again")));
      const say = async (by: Caller, ...people: readonly string[]) =>
        (await submitAndWait(by, redTo(...people), indicator, JSON_TYPE)).body.counts;
      const dry = async (by: Caller, ...people: readonly string[]) =>
        (
          await by.raw(`/v1/submissions${redTo(...people)}&dryRun=true`, indicator, {
            "content-type": JSON_TYPE,
          })
        ).body;
      expect(await say(one, to.person)).toMatchObject({ accepted: 1, unchanged: 0 });
      expect(await say(one, to.person)).toMatchObject({ accepted: 0, unchanged: 1 });
      expect(await dry(one, to.person, more.person)).toMatchObject({
        counts: { accepted: 1 },
        recipients: [],
        people: [to, more]
          .map(({ person }) => ({ person, organisation: "MY", objects: person === to.person ? 0 : 1 }))
          .sort((a, b) => (a.person < b.person ? -1 : 1)),
      });
      expect(await dry(two.api, to.person)).toMatchObject({ counts: { accepted: 1, unchanged: 0 } });
      expect(await say(two.api, to.person)).toMatchObject({ accepted: 1, unchanged: 0 });
      // Said to all, it is what it would be had nobody ever said it to people.
      const { body } = await submitAndWait(scene.as("TH", "analyst"), "?tlp=green", indicator, JSON_TYPE);
      expect(body.counts).toMatchObject({ accepted: 1, unchanged: 0 });
    });

    it("does not name what the reader's organisation may not know of", async () => {
      const host = freshHost("hidden");
      const to = await contact("MY");
      const sg = scene.as("SG");
      const hidden = indicatorOf(host);
      const at = "2026-01-05T08:00:00.000Z";
      const common = { spec_version: "2.1", created: at, modified: at };
      const id = (type: string) => `${type}--${crypto.randomUUID()}`;
      const victim = { ...common, type: "identity", id: id("identity"), name: `victim at ${host}` };
      await submitAndWait(sg, "?tlp=amber%2Bstrict&to=VN", bundleOf(hidden, victim), JSON_TYPE);
      const note = {
        ...common,
        type: "note",
        id: id("note"),
        content: "see both",
        object_refs: [hidden.id, indicatorOf(freshHost("shown")).id],
      };
      const tie = {
        ...common,
        type: "relationship",
        id: id("relationship"),
        relationship_type: "related-to",
        source_ref: hidden.id,
        target_ref: note.id,
      };
      // Where it was seen may be left out of a sighting (STIX 2.1 §5.2), and yet it tells of that.
      const sighting = {
        ...common,
        type: "sighting",
        id: id("sighting"),
        sighting_of_ref: note.id,
        where_sighted_refs: [victim.id],
      };
      const sent = await submitAndWait(sg, redTo(to.person), bundleOf(note, tie, sighting), JSON_TYPE);
      // What tells of what the reader's organisation may not know of is not sent, and its sender is told.
      expect(sent.body.counts).toMatchObject({ accepted: 1, rejected: 2 });
      const { id: item } = await itemOf(to);
      const { content } = (await to.api.get(`/v1/inbox/${item}`)).body;
      expect(content.map(({ type }: { type: string }) => type)).toEqual(["note"]);
      expect(mentions(content, hidden.id)).toBe(false);
      expect(content[0].id).not.toBe(note.id);
    });

    it("pages through inbox and what was sent, each once", async () => {
      const to = await contact("ID");
      const sender = await contact("ID");
      const ids: string[] = [];
      for (let n = 0; n < 3; n++)
        ids.unshift((await send(sender.api, [freshHost("page")], to.person)).body.id);
      for (const [api, path, expected] of [
        [sender.api, "/v1/inbox/sent", ids],
        [to.api, "/v1/inbox", undefined],
      ] as const) {
        const found: string[] = [];
        for (let after: string | undefined = ""; after !== undefined; ) {
          const page: Answer = await api.get(`${path}?limit=2${after === "" ? "" : `&after=${after}`}`);
          found.push(...page.body.items.map((one: { id: string }) => one.id));
          after = page.body.next;
        }
        expect(new Set(found).size).toBe(3);
        if (expected !== undefined) expect(found).toEqual(expected);
      }
    });

    it("answers a repeat under one key without doing it twice", async () => {
      const to = await contact("LA");
      const header = { "idempotency-key": `red-${to.person}`, "content-type": CSV };
      const table = `value\n${freshHost("repeat")}\n`;
      const first = await scene.as("SG").raw(`/v1/submissions${redTo(to.person)}`, table, header);
      const again = await scene.as("SG").raw(`/v1/submissions${redTo(to.person)}`, table, header);
      expect([again.status, again.body.id]).toEqual([202, first.body.id]);
      await until(20_000, "the item", async () => await itemOf(to));
      expect((await to.api.get("/v1/inbox")).body.items).toHaveLength(1);
    });
  });
}
