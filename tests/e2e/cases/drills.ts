import { describe, expect, it } from "vitest";
import { type Answer, type Caller, until, wholeLog } from "../../support/api.ts";
import { openLive } from "../../support/live.ts";
import { fixture, itemWith, knowsNothingOf, mentions, type Scene } from "../scene.ts";

const FIRST = "first.drill-fixture.example.net";
const SECOND = "second.drill-fixture.example.net";
const NOTHING = { values: ["nothing.drill-fixture.example.net"] };
const RULE = { name: "A rule of a player's", filter: NOTHING };
const HOOK = { url: "https://hooks.example.com/", filter: NOTHING };

export function drillCases(scene: Scene): void {
  const injectsOf = async (coordinator: Caller, id: string): Promise<Record<string, any>> => {
    const { body } = await coordinator.get(`/v1/drills/${id}`);
    return Object.fromEntries(body.injects.map((inject: any) => [inject.id, inject]));
  };
  const fired = async (coordinator: Caller, id: string, inject: string): Promise<any> =>
    await until(20_000, `inject ${inject}`, async () => {
      const one = (await injectsOf(coordinator, id))[inject];
      if (one.state === "failed") throw new Error(one.problem);
      return one.state === "fired" ? one : undefined;
    });

  describe("drills", () => {
    it("plays in a realm of its own, pauses and goes on, and live sees none of it", {
      timeout: 90_000,
    }, async () => {
      const coordinator = scene.as("SG", "coordinator");
      const watcher = await openLive(scene.url, scene.key("MY", "subscriber"), { after: "latest" });
      const made = await coordinator.post("/v1/drills", { scenario: fixture("drill.yaml") });
      expect(made).toMatchObject({
        status: 201,
        body: { state: "ready", speed: 20, participants: ["SG", "MY", "CN"] },
      });
      const { id, realm, keys } = made.body;
      expect(realm).toMatch(/^d[a-z0-9]{6,20}$/);
      const player = (member: string): Caller => scene.withKey(keys[member].subscriber);
      expect((await player("MY").get("/v1/whoami")).body).toMatchObject({ realm, organisation: "MY" });
      // A process opens a new realm within a moment of hearing of it.
      const inside = await until(30_000, "the realm's stream", async () => {
        const reader = await openLive(scene.url, keys.SG.subscriber, { after: 0 }).catch(() => undefined);
        await reader?.waitFor("an answer", (messages) => messages.length > 0);
        return reader?.messages.some(({ op }) => op === "subscribed") ? reader : undefined;
      });

      expect((await coordinator.post(`/v1/drills/${id}/start`)).body.state).toBe("running");
      await fired(coordinator, id, "i1");
      const paused = await coordinator.post(`/v1/drills/${id}/pause`);
      expect(paused.body.state).toBe("paused");
      await new Promise((resolve) => setTimeout(resolve, 1_500)); // half a minute of scenario, were it running
      const later = await coordinator.get(`/v1/drills/${id}`);
      expect(later.body.scenarioTime).toBe(paused.body.scenarioTime);
      expect((await injectsOf(coordinator, id)).i2.state).toBe("waiting");
      expect((await coordinator.post(`/v1/drills/${id}/resume`)).body.state).toBe("running");
      await fired(coordinator, id, "i2");

      expect(await itemWith(player("CN"), FIRST)).toMatchObject({ realm, producer: "SG", seq: 1 });
      expect(await itemWith(player("SG"), SECOND)).toMatchObject({
        realm,
        producer: "MY",
        tlp: "amber+strict",
      });
      expect(await knowsNothingOf(player("CN"), SECOND)).toBe(true);
      await inside.waitFor("both reports", () =>
        [FIRST, SECOND].every((host) => mentions(inside.events, host)),
      );
      const { body: deliveries } = await coordinator.get(`/v1/drills/${id}/deliveries`);
      const first = deliveries.items.find(({ tlp }: any) => tlp === "green");
      expect([...first.receivedBy].sort()).toEqual(["CN", "MY", "SG"]);
      const second = deliveries.items.find(({ tlp }: any) => tlp === "amber+strict");
      expect(second).toMatchObject({ producer: "MY", kind: "released" });
      expect([...second.receivedBy].sort()).toEqual(["MY", "SG"]);

      for (const member of ["SG", "MY", "CN"]) {
        const items = await wholeLog(scene.as(member));
        expect(items.every((item) => item.realm === "live")).toBe(true);
        for (const host of [FIRST, SECOND]) expect(await knowsNothingOf(scene.as(member), host)).toBe(true);
      }
      expect(mentions(watcher.events, "drill-fixture")).toBe(false);
      expect((await scene.withKey(keys.SG.analyst).get("/v1/drills")).status).toBe(403);
      expect((await scene.as("MY", "coordinator").get(`/v1/drills/${id}`)).status).toBe(404);

      await coordinator.post(`/v1/drills/${id}/end`);
      const archived = await coordinator.post(`/v1/drills/${id}/archive`);
      expect(archived.body.state).toBe("archived");
      await inside.closed;
      await until(5_000, "the players' keys to end", async () =>
        (await player("MY").get("/v1/log")).status === 401 ? true : undefined,
      );
      watcher.close();
    });

    it("plays again in a new realm, and the earlier run stays", { timeout: 60_000 }, async () => {
      const coordinator = scene.as("MY", "coordinator");
      const first = await coordinator.post("/v1/drills", { scenario: fixture("drill.yaml"), speed: 600 });
      await coordinator.post(`/v1/drills/${first.body.id}/start`);
      await fired(coordinator, first.body.id, "i2");
      const again = await coordinator.post(`/v1/drills/${first.body.id}/replay`, {});
      expect(again.body).toMatchObject({ state: "ready", replayOf: first.body.id });
      expect(again.body.realm).not.toBe(first.body.realm);
      await coordinator.post(`/v1/drills/${again.body.id}/start`);
      await fired(coordinator, again.body.id, "i2");
      for (const run of [first, again]) {
        const reader = scene.withKey(run.body.keys.SG.subscriber);
        expect(await itemWith(reader, SECOND)).toMatchObject({ realm: run.body.realm });
      }
      for (const run of [first, again]) {
        await until(20_000, "the end", async () =>
          (await coordinator.get(`/v1/drills/${run.body.id}`)).body.state === "ended" ? true : undefined,
        );
        expect((await coordinator.post(`/v1/drills/${run.body.id}/archive`)).status).toBe(200);
      }
    });

    it("lets an ended run be read and nothing be written to it, while its last reports are released", {
      timeout: 90_000,
    }, async () => {
      const coordinator = scene.as("MY", "coordinator");
      const { body: made } = await coordinator.post("/v1/drills", {
        scenario: fixture("drill.yaml"),
        speed: 600,
      });
      const player = scene.withKey(made.keys.CN.analyst);
      const writes: ((by: Caller) => Promise<Answer>)[] = [
        async (by) =>
          await by.raw("/v1/submissions?tlp=green", "value\nplayer.drill-fixture.example.net\n", {
            "content-type": "text/csv",
          }),
        async (by) => await by.post("/v1/alert-rules", RULE),
        async (by) => await by.post("/v1/webhooks", HOOK),
      ];
      for (const write of writes) expect((await write(player)).status).toBeLessThan(300);
      await coordinator.post(`/v1/drills/${made.id}/start`);
      await until(20_000, "the end", async () =>
        (await coordinator.get(`/v1/drills/${made.id}`)).body.state === "ended" ? true : undefined,
      );
      // Another process may remember a key for two seconds.
      await until(5_000, "the first refusal", async () =>
        (await player.post("/v1/alert-rules", RULE)).status === 409 ? true : undefined,
      );
      for (const write of writes) {
        const { status, body } = await write(player);
        expect([status, body.code, body.detail]).toEqual([
          409,
          "conflict",
          expect.stringContaining("drill has ended"),
        ]);
      }
      expect(await itemWith(scene.withKey(made.keys.SG.subscriber), SECOND)).toMatchObject({
        realm: made.realm,
      });
      expect((await player.get("/v1/webhooks")).body.items).toHaveLength(1);
      expect((await player.send("HEAD", "/v1/log")).status).toBe(200);
      expect((await player.post("/v1/live/ticket")).status).toBe(201);
      const reader = await openLive(scene.url, made.keys.CN.subscriber, { after: 0 });
      await reader.waitFor("the first report", () => mentions(reader.events, FIRST));
      reader.close();

      const { body: again } = await coordinator.post(`/v1/drills/${made.id}/replay`, {});
      for (const write of writes)
        expect((await write(scene.withKey(again.keys.CN.analyst))).status).toBeLessThan(300);
      await coordinator.post(`/v1/drills/${again.id}/end`);
      await until(5_000, "a refusal after an end by hand", async () =>
        (await scene.withKey(again.keys.CN.analyst).post("/v1/alert-rules", RULE)).status === 409
          ? true
          : undefined,
      );
      for (const { id } of [made, again])
        expect((await coordinator.post(`/v1/drills/${id}/archive`)).status).toBe(200);
    });

    it("refuses a start that is told a speed, which is said when the run is made", async () => {
      const coordinator = scene.as("MY", "coordinator");
      const { id } = (await coordinator.post("/v1/drills", { scenario: fixture("drill.yaml") })).body;
      const told = await coordinator.post(`/v1/drills/${id}/start`, { speed: 30 });
      expect([told.status, told.body.code]).toEqual([400, "bad-request"]);
      expect((await coordinator.get(`/v1/drills/${id}`)).body).toMatchObject({ state: "ready", speed: 20 });
      expect((await coordinator.post(`/v1/drills/${id}/start`, {})).body.state).toBe("running");
      for (const control of ["end", "archive"])
        expect((await coordinator.post(`/v1/drills/${id}/${control}`)).status).toBe(200);
    });

    it("refuses a scenario with errors, and names each place", async () => {
      const broken = fixture("drill.yaml").replace("at: PT20S", "at: soon").replace("by: MY", "by: my");
      const { status, body } = await scene.as("SG", "coordinator").post("/v1/drills", { scenario: broken });
      expect([status, body.code]).toEqual([422, "bad-scenario"]);
      expect(body.errors.length).toBeGreaterThanOrEqual(2);
      expect(body.errors[0].message).toMatch(/^line \d+:/);
    });
  });
}
