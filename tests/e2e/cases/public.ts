import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type Answer, type Caller, caller, submitAndWait, until } from "../../support/api.ts";
import { bundleOf } from "../../support/bundle-of.ts";
import { QUIET_DRILL } from "../../support/quiet-drill.ts";
import { indicatorOf } from "../indicator-of.ts";
import { freshHost, itemWith, mentions, reportHosts, type Scene } from "../scene.ts";

const JSON_TYPE = "application/json";

export function publicCases(scene: Scene): void {
  const nobody = () => caller(scene.url, undefined);
  const wholeFeed = async (): Promise<{ items: any[]; next: string }> => {
    const items: any[] = [];
    let next = "0";
    for (let more = true; more; ) {
      const page = await nobody().get(`/v1/public/events?limit=500&after=${encodeURIComponent(next)}`);
      if (page.status !== 200) throw new Error(page.text);
      items.push(...page.body.items);
      ({ next, more } = page.body);
    }
    return { items, next };
  };
  const events = async (): Promise<any[]> => (await wholeFeed()).items;
  const eventWith = async (text: string, kind = "released") =>
    await until(30_000, `a public ${kind} event with ${text}`, async () =>
      (await events()).find((event) => event.kind === kind && mentions(event.object, text)),
    );
  const object = async (id: string, headers: Record<string, string> = {}): Promise<Answer> =>
    await nobody().get(`/v1/public/objects/${id}`, headers);

  describe("the public", () => {
    it("reads what is CLEAR for nobody in particular, or for the public by name, and nothing else", async () => {
      const [clear, named, green, to, amber] = ["clear", "named", "green", "to", "amber"].map((about) =>
        freshHost(`public-${about}`),
      ) as [string, string, string, string, string];
      await reportHosts(scene.as("SG"), "?tlp=green", [green]);
      await reportHosts(scene.as("SG"), "?tlp=clear&to=MY", [to]);
      await reportHosts(scene.as("SG"), "?tlp=amber&to=public,MY", [amber]);
      await reportHosts(scene.as("SG"), "?tlp=clear&releasableTo=ASEAN", [`releasable.${to}`]);
      await reportHosts(scene.as("SG"), "?tlp=clear&to=public", [named]);
      await reportHosts(scene.as("SG"), "?tlp=clear", [clear]);
      const event = await eventWith(clear);
      expect(Object.keys(event).sort()).toEqual(["at", "kind", "object", "producer", "tlp"]);
      expect(event).toMatchObject({ kind: "released", tlp: "clear", producer: "SG" });
      await eventWith(named);
      for (const host of [green, to, amber]) {
        await itemWith(scene.as("MY"), host);
        expect(mentions(await events(), host), host).toBe(false);
      }
      const { object: hidden } = await itemWith(scene.as("MY"), green);
      const refused = await object(hidden.id);
      expect(refused).toMatchObject({ status: 404, body: { code: "not-found" } });
      const shown = await object(event.object.id);
      expect(shown.body.assertions).toMatchObject([{ producer: "SG", tlp: "clear", withdrawn: false }]);
      expect(shown.text).not.toMatch(/"(seq|cursor|alsoReportedBy)"/);
      const asMember = await scene.as("VN").get(`/v1/public/objects/${event.object.id}`);
      expect(asMember.text).toBe(shown.text);
    });

    it("reads nothing of incidents and victims, and nobody's personal data", async () => {
      const [host, seen] = [freshHost("public-incident"), freshHost("public-personal")];
      const incident = `Our mail server ${host} was taken over on 2026-03-01.`;
      await submitAndWait(scene.as("SG"), "?tlp=clear&kind=incident&format=text", incident, "text/plain");
      const body = bundleOf(
        indicatorOf(seen, { description: `Seen at ${seen}, write to jane.roe@victim.example.org` }),
      );
      await submitAndWait(scene.as("SG"), "?tlp=clear", body, JSON_TYPE);
      const { object: told } = await eventWith(seen);
      expect(mentions(told, "jane.roe")).toBe(false);
      await itemWith(scene.as("SG"), host);
      const incidents = (await events()).filter(({ object: one }) => one.type === "incident");
      expect(incidents).toEqual([]);
    });

    it("loses what is withdrawn, and what has ended", async () => {
      const [gone, over] = [freshHost("public-gone"), freshHost("public-over")];
      const end = new Date(Date.now() + 6_000).toISOString();
      await reportHosts(scene.as("SG"), `?tlp=clear&expires=${end}`, [over]);
      await reportHosts(scene.as("SG"), "?tlp=clear", [gone]);
      const { object: ended } = await eventWith(over);
      const { object: stated } = await eventWith(gone);
      const taken = await scene.as("SG").post(`/v1/objects/${stated.id}/withdraw`, {});
      expect(taken.status).toBe(200);
      const { object: stub } = await eventWith(stated.id, "withdrawn");
      expect(Object.keys(stub).sort()).toEqual(["id", "modified", "type"]);
      expect((await object(stated.id)).text).not.toContain(gone);
      const recall = await scene.as("SG").get(`/v1/recalls/${taken.body.recall}`);
      expect(mentions(recall.body.receivers, "public"), "nobody answers for everybody").toBe(false);
      await sleep(Math.max(0, Date.parse(end) - Date.now()) + 100);
      expect(mentions(await events(), over)).toBe(false);
      expect((await object(ended.id)).text).not.toContain(over);
    });

    it("is told by caches of what is gone, and of nothing that others were sent", async () => {
      const host = freshHost("public-cached");
      await reportHosts(scene.as("SG"), "?tlp=clear", [host]);
      const { object: stated } = await eventWith(host);
      const first = await object(stated.id);
      expect(first.headers.get("cache-control")).toBe("public, no-cache");
      const etag = first.headers.get("etag") ?? "";
      expect((await object(stated.id, { "if-none-match": etag })).status).toBe(304);
      expect((await object(stated.id, { "if-none-match": `"x", ${etag}` })).status).toBe(304);
      expect((await object(stated.id, { "if-none-match": '"x"' })).status).toBe(200);
      // Until nothing of the public's own came in between: what is late of other tests is told to it.
      await until(30_000, "a page that stays as it is", async () => {
        const path = `/v1/public/events?after=${encodeURIComponent((await wholeFeed()).next)}`;
        const empty = await nobody().get(path);
        await reportHosts(scene.as("SG"), "?tlp=green", [freshHost("public-in-between")]);
        const later = await nobody().get(path, { "if-none-match": empty.headers.get("etag") ?? "" });
        return later.status === 304 ? true : undefined;
      });
      await scene.as("SG").post(`/v1/objects/${stated.id}/withdraw`, {});
      expect((await object(stated.id, { "if-none-match": etag })).status).toBe(200);
    });

    it("is nobody: no key, person, agency or contact is of it, and no list of members has it", async () => {
      const officer = scene.as("SG", "officer");
      const key = { organisation: "public", roles: ["analyst"], label: "x" };
      const person = { organisation: "public", title: "x", roles: ["analyst"] };
      for (const by of [officer, scene.operator()]) {
        expect((await by.post("/v1/keys", key)).status).toBeGreaterThanOrEqual(400);
        expect((await by.post("/v1/people", person)).status).toBeGreaterThanOrEqual(400);
      }
      for (const path of ["/v1/members", "/v1/agencies", "/v1/groups", "/v1/contacts"])
        expect((await officer.get(path)).text, path).not.toContain('"public"');
    });

    it("has no part in drills", async () => {
      const coordinator = scene.as("MY", "coordinator");
      const { body: run } = await coordinator.post("/v1/drills", { scenario: QUIET_DRILL, speed: 1 });
      await coordinator.post(`/v1/drills/${run.id}/start`);
      const player = scene.withKey(run.keys.MY.analyst);
      const host = freshHost("public-drill");
      const table = `value,type\n${host},domain\n`;
      const asked = async (by: Caller) =>
        await by.raw("/v1/submissions?tlp=clear&to=public&dryRun=true", table, {
          "content-type": "text/csv",
        });
      expect((await asked(player)).body).toMatchObject({ code: "unknown-member" });
      const live = await asked(scene.as("SG"));
      expect(live.body.recipients).toContainEqual(expect.objectContaining({ organisation: "public" }));
      await reportHosts(player, "?tlp=clear", [host]);
      await itemWith(player, host);
      const { body: deliveries } = await coordinator.get(`/v1/drills/${run.id}/deliveries`);
      expect(mentions(deliveries.items, "public")).toBe(false);
      expect(mentions(await events(), host)).toBe(false);
      await coordinator.post(`/v1/drills/${run.id}/end`);
      await coordinator.post(`/v1/drills/${run.id}/archive`);
    });

    it("is asked no more often for showing another key each time", async () => {
      const left = async (authorization: string) =>
        Number(
          (await nobody().get("/v1/public/objects/x", { authorization })).headers.get("ratelimit-remaining"),
        );
      const before = await left("Bearer one");
      expect(await left("Bearer another")).toBeLessThan(before);
    });
  });
}
