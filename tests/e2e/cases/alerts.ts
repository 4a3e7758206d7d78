import { describe, expect, it } from "vitest";
import { until } from "../../support/api.ts";
import { openLive } from "../../support/live.ts";
import { startReceiver } from "../../support/receiver.ts";
import { freshHost, itemWith, mentions, reportHosts, type Scene } from "../scene.ts";

export function alertCases(scene: Scene): void {
  describe("alerts", () => {
    it("raises an alert where a rule matches: listed, live and by webhook, until it is acknowledged", async () => {
      const asset = freshHost("asset");
      const analyst = scene.as("PH");
      const receiver = await startReceiver();
      const hook = await analyst.post("/v1/webhooks", { url: receiver.url, filter: { kinds: ["alert"] } });
      const live = await openLive(scene.url, scene.key("PH", "subscriber"), { after: "latest" });
      const rule = await analyst.post("/v1/alert-rules", {
        name: `Watch ${asset}`,
        filter: { values: [asset] },
      });
      expect(rule.status).toBe(201);
      await reportHosts(scene.as("SG"), "?tlp=green", [`www.${asset}`, freshHost("not-an-asset")]);

      const [alert] = await until(20_000, "the alert", async () => {
        const raised = (await analyst.get("/v1/alerts?state=raised")).body.items.filter(
          (one: any) => one.rule.id === rule.body.id,
        );
        return raised.length > 0 ? raised : undefined;
      });
      const matched = await itemWith(analyst, `www.${asset}`);
      expect(alert).toMatchObject({
        object: matched.object.id,
        seq: matched.seq,
        producer: "SG",
        acknowledgedAt: null,
      });
      const event = await live.waitFor("the alert", () =>
        live.events.find((one) => one.kind === "alert" && mentions(one, asset)),
      );
      expect(event).toMatchObject({
        tlp: "amber+strict",
        object: { type: "note", object_refs: [matched.object.id] },
      });
      const [posted] = await receiver.waitFor(1);
      expect(posted?.json).toMatchObject({ type: "alert.raised", data: { kind: "alert", seq: event.seq } });

      const done = await scene.as("PH", "subscriber").post(`/v1/alerts/${alert.id}/acknowledge`);
      expect(done.body).toMatchObject({ state: "acknowledged", id: alert.id });
      const again = await analyst.post(`/v1/alerts/${alert.id}/acknowledge`);
      expect(again.body).toEqual(done.body);

      // Others learn neither of the alert nor of the rule.
      for (const other of ["SG", "MY"]) {
        expect(mentions((await scene.as(other).get("/v1/alerts")).body, alert.id)).toBe(false);
        expect(mentions((await scene.as(other).get("/v1/alert-rules")).body, asset)).toBe(false);
        expect((await scene.as(other).get(`/v1/objects/${event.object.id}`)).status).toBe(404);
        expect((await scene.as(other).post(`/v1/alerts/${alert.id}/acknowledge`)).status).toBe(404);
      }
      await analyst.send("DELETE", `/v1/alert-rules/${rule.body.id}`);
      await analyst.send("DELETE", `/v1/webhooks/${hook.body.id}`);
      live.close();
      await receiver.close();
    });

    it("raises one for severity and sector of an incident report, which stays in its member's jurisdiction", async () => {
      const issued = await scene.as("SG", "officer").post("/v1/keys", {
        organisation: "SG:example-bank",
        roles: ["analyst"],
        label: "watches energy",
        days: 1,
      });
      const analyst = scene.withKey(issued.body.key);
      const filter = { severity: ["critical"], sectors: ["energy"] };
      const rule = await analyst.post("/v1/alert-rules", { name: "Critical in energy", filter });
      const report = (title: string, severity: string, sector: string) =>
        JSON.stringify({ title, narrative: title, severity, affected: { sectors: [sector] } });
      const send = (body: string) =>
        scene
          .as("SG")
          .raw("/v1/submissions?format=incident&tlp=green", body, { "content-type": "application/json" });
      const lower = await send(report("A substation, slightly", "low", "energy"));
      const other = await send(report("A clinic, badly", "critical", "health"));
      const both = await send(report("A substation, badly", "critical", "energy"));
      expect([lower.status, other.status, both.status]).toEqual([202, 202, 202]);
      const alerts = await until(20_000, "the alert", async () => {
        const raised = (await analyst.get("/v1/alerts")).body.items.filter(
          (one: any) => one.rule.id === rule.body.id && one.state === "raised",
        );
        return raised.length > 0 ? raised : undefined;
      });
      expect(alerts).toHaveLength(1);
      const shown = await analyst.get(`/v1/objects/${alerts[0].object}`);
      expect(mentions(shown.body, "A substation, badly")).toBe(true);
      await analyst.send("DELETE", `/v1/alert-rules/${rule.body.id}`);
    });
  });

  describe("advisories", () => {
    const draft = (title: string, more: object = {}) => ({
      title,
      body: "Patch, and tell us what you find.",
      severity: "high",
      tlp: "green",
      ...more,
    });

    it("is published by a second person and reaches every channel", async () => {
      const title = `Advisory about ${freshHost("advisory")}`;
      const receiver = await startReceiver();
      const hook = await scene
        .as("MY", "subscriber")
        .post("/v1/webhooks", { url: receiver.url, filter: { kinds: ["advisory"] } });
      const live = await openLive(scene.url, scene.key("MY", "subscriber"), { after: "latest" });
      const drafted = await scene.as("SG").post("/v1/advisories", draft(title));
      expect(drafted).toMatchObject({ status: 201, body: { state: "draft", publishedAt: null } });
      const path = `/v1/advisories/${drafted.body.id}`;
      const alone = await scene.as("SG").post(`${path}/publish`);
      expect([alone.status, alone.body.code]).toEqual([409, "second-person-needed"]);
      expect((await scene.as("MY").get(path)).status).toBe(404);
      const published = await scene.as("SG", "officer").post(`${path}/publish`);
      expect(published.body).toMatchObject({ state: "published", stixId: drafted.body.stixId });
      const event = await live.waitFor("the advisory", () => live.events.find((one) => mentions(one, title)));
      expect(event).toMatchObject({
        kind: "advisory",
        producer: "SG",
        object: { type: "report", id: drafted.body.stixId },
      });
      const [posted] = await receiver.waitFor(1);
      expect(posted?.json).toMatchObject({ type: "advisory.published", data: { seq: event.seq } });
      expect((await itemWith(scene.as("CN"), title, "advisory")).seq).toBe(event.seq);
      await scene.as("MY", "subscriber").send("DELETE", `/v1/webhooks/${hook.body.id}`);
      live.close();
      await receiver.close();
    });

    it("is withdrawn with its object, and may be published anew", async () => {
      const title = `Withdrawn advisory ${freshHost("withdrawn")}`;
      const drafted = await scene.as("SG").post("/v1/advisories", draft(title));
      const path = `/v1/advisories/${drafted.body.id}`;
      await scene.as("SG", "officer").post(`${path}/publish`);
      await itemWith(scene.as("MY"), title, "advisory");
      const taken = await scene.as("SG").post(`/v1/objects/${drafted.body.stixId}/withdraw`);
      expect(taken.status, taken.text).toBe(200);
      const withdrawn = await scene.as("SG").get(path);
      expect(withdrawn.body.state).toBe("withdrawn");
      const etag = withdrawn.headers.get("etag") ?? "";
      const edited = await scene.as("SG").send("PUT", path, draft(`${title}, again`), { "if-match": etag });
      expect(edited.body.state, edited.text).toBe("draft");
      const again = await scene.as("SG", "officer").post(`${path}/publish`);
      expect(again.body.state, again.text).toBe("published");
      await itemWith(scene.as("MY"), `${title}, again`, "advisory");
    });

    it("is edited under If-Match only, and comes as a newer version of the same object", async () => {
      const title = `Edited advisory ${freshHost("edited")}`;
      const drafted = await scene.as("SG").post("/v1/advisories", draft(title));
      const path = `/v1/advisories/${drafted.body.id}`;
      await scene.as("SG", "officer").post(`${path}/publish`);
      await itemWith(scene.as("MY"), title, "advisory");
      const etag = (await scene.as("SG").get(path)).headers.get("etag") ?? "";
      const edit = (match: string) =>
        scene.as("SG").send("PUT", path, draft(`${title}, corrected`), { "if-match": match });
      expect((await edit('"0"')).body.code).toBe("edited-meanwhile");
      expect((await edit(etag)).status).toBe(200);
      await scene.as("SG", "officer").post(`${path}/publish`);
      const newer = await itemWith(scene.as("MY"), "corrected", "advisory");
      expect(newer.object.id).toBe(drafted.body.stixId);
    });

    it("goes to the members that it names and to nobody else", async () => {
      const title = `Named advisory ${freshHost("named")}`;
      const drafted = await scene
        .as("SG")
        .post("/v1/advisories", draft(title, { tlp: "amber+strict", to: ["TH"] }));
      await scene.as("SG", "officer").post(`/v1/advisories/${drafted.body.id}/publish`);
      await itemWith(scene.as("TH"), title, "advisory");
      expect((await scene.as("MY").get(`/v1/objects/${drafted.body.stixId}`)).status).toBe(404);
    });
  });
}
