import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { revocationOf, suarId } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { submitAndWait, waitForSubmission, wholeLog } from "../../support/api.ts";
import { indicatorOf } from "../indicator-of.ts";
import { freshHost, itemWith, mentions, type Scene } from "../scene.ts";
import { sourceScene } from "../source-scene.ts";

const COMMAND = fileURLToPath(new URL("../../../packages/client/src/command/main.ts", import.meta.url));
const GREEN = { object_marking_refs: ["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"] };

export function sourceCases(scene: Scene): void {
  describe("sources", () => {
    const sources = sourceScene();
    const { create, outcomesOf, pulled } = sources;

    it("pull a collection page by page, then what is new, and show where they stand", async () => {
      const owner = scene.as("KH");
      const hosts = Array.from({ length: 23 }, () => freshHost("source"));
      sources.server.add(...hosts.map((host) => indicatorOf(host, GREEN)));
      const source = await create(owner, { name: "theirs", credential: { user: "me", secret: "hush-hush" } });
      expect(source).toMatchObject({
        name: "theirs",
        state: "active",
        credential: "basic",
        everySeconds: 900,
      });
      const first = await pulled(owner, source.id, 23);
      expect(first).toMatchObject({ leftOut: 0, problem: null, failures: 0, found: { title: "Theirs" } });
      expect(first.addedUpTo).toBe("2026-02-01T00:00:00.000022Z");
      expect(Date.parse(first.nextAt)).toBeGreaterThan(Date.now() + 60_000);
      for (const host of hosts)
        expect(await itemWith(scene.as("TH"), host)).toMatchObject({ producer: "KH" });
      const { body: submission } = await waitForSubmission(owner, first.lastSubmission);
      expect(submission.origin.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/root\/collections\/9cfa/);
      expect([...sources.server.authorizations]).toEqual([
        `Basic ${Buffer.from("me:hush-hush").toString("base64")}`,
      ]);

      const later = freshHost("source-later");
      sources.server.add(indicatorOf(later, GREEN));
      expect((await owner.post(`/v1/sources/${source.id}/pull`)).status).toBe(200);
      const second = await pulled(owner, source.id, 24);
      expect(await outcomesOf(owner, second)).toEqual(["accepted"]);
      await itemWith(scene.as("TH"), later);
      for (const answer of [source, first, (await owner.get("/v1/sources")).body])
        expect(mentions(answer, "hush-hush")).toBe(false);
    });

    it("mark what is unmarked as they were told, and leave it out where they were not", async () => {
      const owner = scene.as("LA");
      const host = freshHost("source-bare");
      sources.server.add(indicatorOf(host));
      const bare = await create(owner);
      expect(await outcomesOf(owner, await pulled(owner, bare.id, 1))).toEqual(["unmarked"]);
      const told = await create(owner, { tlp: "amber", to: "TH" });
      expect(await outcomesOf(owner, await pulled(owner, told.id, 1))).toEqual(["accepted"]);
      expect(await itemWith(scene.as("TH"), host)).toMatchObject({ producer: "LA", tlp: "amber" });
      expect(mentions(await wholeLog(scene.as("VN")), host)).toBe(false);
    });

    it("do not hand back what came from here", async () => {
      const owner = scene.as("TH");
      const log = await wholeLog(owner);
      const objects = log.filter(({ kind }) => kind === "released").map(({ object }) => object);
      expect(objects.length).toBeGreaterThan(5);
      sources.server.add(...objects);
      sources.server.pageSize = 500;
      const source = await create(owner, { tlp: "clear" });
      await pulled(owner, source.id, new Set(objects.map(({ id, modified }) => `${id} ${modified}`)).size);
      const { body } = await owner.get("/v1/submissions?limit=500");
      const ours = body.items.filter(({ origin }: any) => origin?.url.includes(`:${sources.server.port}/`));
      for (const { id } of ours) await waitForSubmission(owner, id);
      expect((await wholeLog(owner)).filter(({ producer }) => producer === "TH")).toEqual(
        log.filter(({ producer }) => producer === "TH"),
      );
    });

    it("take back what their server revokes, from everybody, and nothing that was stated by oneself", async () => {
      const owner = scene.as("KH");
      const [theirs, bare, own, unknown] = ["theirs", "bare", "own", "unknown"].map((about) =>
        indicatorOf(freshHost(`source-${about}`), GREEN),
      );
      await submitAndWait(owner, "?tlp=green&format=stix", JSON.stringify(own), "application/json");
      sources.server.add(theirs, bare);
      const source = await create(owner, { tlp: "green" });
      await pulled(owner, source.id, 2);
      for (const { name } of [theirs, bare]) await itemWith(scene.as("VN"), name);
      const later = "2026-04-01T00:00:00.000Z";
      const end = { modified: later, revoked: true };
      const author = suarId("identity", "SG");
      const least = (object: any) =>
        revocationOf(object, { modified: later, author, markings: GREEN.object_marking_refs });
      sources.server.add(
        { ...theirs, ...end, description: "wrong" },
        least(bare) as object,
        { ...own, ...end },
        least(unknown) as object,
      );
      await owner.post(`/v1/sources/${source.id}/pull`);
      const after = await pulled(owner, source.id, 6);
      expect(await outcomesOf(owner, after)).toEqual([
        "accepted",
        "accepted",
        "another-creator",
        "unchanged",
      ]);
      for (const { id, name } of [theirs, bare]) {
        await itemWith(scene.as("VN"), id, "withdrawn");
        const open = await scene.as("VN").get("/v1/recalls?state=open&limit=500");
        expect(open.body.items.find(({ objects }: any) => objects.includes(id))).toMatchObject({
          producer: "KH",
          objects: [id],
        });
        const { body } = await scene.as("VN").get(`/v1/objects/${id}`);
        expect(body.assertions.map(({ object }: any) => object.revoked)).toEqual([true]);
        expect(mentions(await wholeLog(scene.as("VN")), `'${name}'`)).toBe(id === theirs.id);
      }
      expect((await scene.as("VN").get(`/v1/objects/${own.id}`)).body.assertions[0].object).toMatchObject({
        name: own.name,
        modified: own.modified,
      });
    });

    it("have a command that pulls once: what it pulled before is unchanged", async () => {
      const hosts = Array.from({ length: 12 }, () => freshHost("command"));
      sources.server.add(...hosts.map((host) => indicatorOf(host)));
      const pull = async (): Promise<any> => {
        const env = {
          ...process.env,
          SUAR_URL: scene.url,
          SUAR_KEY: scene.key("VN"),
          SUAR_TAXII_SECRET: "hush",
        };
        const args = [
          COMMAND,
          "pull",
          "taxii",
          sources.server.url,
          "--user",
          "me",
          "--tlp",
          "green",
          "--json",
        ];
        return JSON.parse((await promisify(execFile)(process.execPath, args, { env })).stdout);
      };
      const counts = { records: 12, accepted: 12, merged: 0, unchanged: 0, rejected: 0 };
      expect(await pull()).toMatchObject({ objects: 12, leftOut: 0, complete: true, counts });
      expect(await itemWith(scene.as("TH"), hosts[11] ?? "")).toMatchObject({ producer: "VN" });
      sources.server.add(indicatorOf(freshHost("command-later")));
      expect((await pull()).counts).toMatchObject({ accepted: 1, unchanged: 12 });
    });
  });
}
