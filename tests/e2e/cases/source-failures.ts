import { describe, expect, it } from "vitest";
import { indicatorOf } from "../indicator-of.ts";
import { freshHost, itemWith, type Scene } from "../scene.ts";
import { sourceScene } from "../source-scene.ts";

export function sourceFailureCases(scene: Scene): void {
  describe("sources that fail", () => {
    const sources = sourceScene();
    const { create, pulled, shown, when } = sources;

    it("back off while a server fails, as long as it asks, and go on where they stood", async () => {
      const owner = scene.as("MM");
      sources.server.answer((_request, response) => {
        response.writeHead(503, { "retry-after": "3600" }).end();
        return true;
      });
      const source = await create(owner, { tlp: "green" });
      const failed = await when(owner, source.id, "a failure", ({ failures }) => failures > 0);
      expect(failed).toMatchObject({
        state: "active",
        failures: 1,
        problem: { code: "busy" },
        lastSuccessAt: null,
      });
      expect(Date.parse(failed.nextAt)).toBeGreaterThan(Date.now() + 3_500_000);
      sources.server.answer(() => false);
      const host = freshHost("source-back");
      sources.server.add(indicatorOf(host));
      await owner.post(`/v1/sources/${source.id}/pull`);
      expect(await pulled(owner, source.id, 1)).toMatchObject({ failures: 0, problem: null });
      await itemWith(scene.as("TH"), host);
    });

    it("stop asking when their credentials are refused, and go on once these are good again", async () => {
      const owner = scene.as("TL");
      const hosts = [freshHost("source-before"), freshHost("source-after")];
      sources.server.add(indicatorOf(hosts[0] ?? ""));
      const source = await create(owner, { tlp: "green", credential: { token: "hush-hush" } });
      const before = await pulled(owner, source.id, 1);
      sources.server.answer((_request, response) => {
        response.writeHead(401, { "www-authenticate": "Bearer" }).end('{"title":"revoked"}');
        return true;
      });
      for (let n = 1; n <= 3; n++) {
        await owner.post(`/v1/sources/${source.id}/pull`);
        const refused = await when(owner, source.id, `refusal ${n}`, ({ failures }) => failures === n);
        expect(refused.problem).toMatchObject({
          code: "unauthorized",
          detail: expect.stringContaining("revoked"),
        });
        expect(refused.addedUpTo).toBe(before.addedUpTo);
      }
      const disabled = await shown(owner, source.id);
      expect(disabled).toMatchObject({ state: "disabled", nextAt: null });
      expect(disabled.stateReason).toMatch(/refused its credentials 3 times/);
      expect((await owner.post(`/v1/sources/${source.id}/pull`)).body.code).toBe("conflict");
      sources.server.answer(() => false);
      sources.server.add(indicatorOf(hosts[1] ?? ""));
      expect((await owner.post(`/v1/sources/${source.id}/resume`)).body.state).toBe("active");
      await pulled(owner, source.id, 2);
      for (const host of hosts) await itemWith(scene.as("TH"), host);
    });

    it("stop at once when they are paused, while a server is slow to answer, and lose nothing", async () => {
      const owner = scene.as("BN");
      const hosts = Array.from({ length: 25 }, () => freshHost("source-paused"));
      sources.server.add(...hosts.map((host) => indicatorOf(host)));
      let isSlow = true;
      sources.server.answer(({ url = "" }) => isSlow && url.includes("next="));
      const source = await create(owner, { tlp: "green" });
      await when(owner, source.id, "the first page", ({ objects }) => objects === 10);
      const { body: paused } = await owner.post(`/v1/sources/${source.id}/pause`);
      expect(paused).toMatchObject({ state: "paused", objects: 10, nextAt: null });
      isSlow = false;
      expect((await owner.post(`/v1/sources/${source.id}/pull`)).body.code).toBe("conflict");
      expect((await shown(owner, source.id)).objects).toBe(10);
      await owner.post(`/v1/sources/${source.id}/resume`);
      expect(await pulled(owner, source.id, 25)).toMatchObject({ objects: 25 });
      for (const host of hosts) await itemWith(scene.as("TH"), host);
    });

    it("teach what is wrong with a server that is none, and are nobody else's", async () => {
      const owner = scene.as("PH");
      sources.server.answer((_request, response) => {
        response.writeHead(200, { "content-type": "text/html" }).end("<html>");
        return true;
      });
      const source = await create(owner);
      const failed = await when(owner, source.id, "a failure", ({ failures }) => failures > 0);
      expect(failed.problem).toMatchObject({
        code: "not-taxii",
        detail: expect.stringContaining("discovery"),
      });
      const mine = `/v1/sources/${source.id}`;
      for (const [method, path] of [
        ["GET", mine],
        ["DELETE", mine],
        ["POST", `${mine}/pause`],
        ["POST", `${mine}/resume`],
        ["POST", `${mine}/pull`],
      ] as const)
        expect([method, path, (await scene.as("TH").send(method, path)).status]).toEqual([method, path, 404]);
      for (const role of ["subscriber", "coordinator"] as const)
        expect((await scene.as("PH", role).get(mine)).status).toBe(403);
      expect((await scene.as("PH", "officer").get(mine)).status).toBe(200);
      expect((await scene.as("PH", "officer").post("/v1/sources", { url: sources.server.url })).status).toBe(
        403,
      );
      expect((await scene.as("PH", "officer").send("DELETE", mine)).status).toBe(204);
      expect((await owner.get(mine)).status).toBe(404);
    });
  });
}
