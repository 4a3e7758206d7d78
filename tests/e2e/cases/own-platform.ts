import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { wholeLog } from "../../support/api.ts";
import { rawRequest } from "../../support/raw-request.ts";
import { freshHost, itemWith, reportHosts, type Scene } from "../scene.ts";
import { fileScene } from "../source-scene.ts";

const HEADER = "suar-platform";

export function ownPlatformCases(scene: Scene): void {
  describe("sources that lead back to this platform", () => {
    const sources = fileScene();
    const { create, pulled, when } = sources;
    const owner = () => scene.as("TH");
    /** What TAXII takes for a name and a secret is one key. */
    const credential = () => {
      const [, user, ...secret] = scene.key("TH").split("_");
      return { user, secret: secret.join("_") };
    };
    const KINDS = [
      ["taxii", "/taxii2/", { collection: "all" }],
      ["misp", "/v1/export/misp/manifest.json", {}],
      ["url", "/v1/export/csv?types=indicator", {}],
    ] as const;

    it("are told by each answer whose it is: also by refusals, and by what is no route", async () => {
      const asked = [
        "/healthz",
        "/v1/nothing",
        "/v1/objects",
        "/taxii2/",
        "/v1/export/csv",
        "/%zz",
        `/${"long/".repeat(100)}`,
      ];
      const names = new Set<string | null>();
      for (const path of asked) names.add((await rawRequest(scene.url, { path })).headers.get(HEADER));
      names.add((await owner().get("/v1/export/csv")).headers.get(HEADER));
      expect([...names]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    });

    it.each(KINDS)("are refused by its own name: %s", async (kind, path, more) => {
      const asked = { kind, url: `${scene.url}${path}`, tlp: "clear", credential: credential(), ...more };
      const { status, body } = await owner().post("/v1/sources", asked);
      // Where the platform is told its address, the source is not even made.
      if (status === 409) return expect(body.code).toBe("conflict");
      expect(status).toBe(201);
      const failed = await when(owner(), body.id, "a failure", ({ failures }) => failures > 0);
      expect(failed).toMatchObject({ objects: 0, problem: { code: "own-platform" } });
      expect((await owner().send("DELETE", `/v1/sources/${body.id}`)).status).toBe(204);
    });

    it.each(KINDS)("are refused where another server leads here: %s", async (kind, path, more) => {
      sources.server.answer((_request, response) => {
        response.writeHead(302, { location: `${scene.url}${path}` }).end();
        return true;
      });
      const source = await create(owner(), { kind, tlp: "clear", ...more });
      const failed = await when(owner(), source.id, "a failure", ({ failures }) => failures > 0);
      expect(failed).toMatchObject({ objects: 0, lastSuccessAt: null, problem: { code: "own-platform" } });
    });

    it.each(KINDS)("are refused behind a proxy of another name: %s", async (kind, path, more) => {
      const host = freshHost("own-proxied");
      await reportHosts(scene.as("SG"), "?tlp=green", [host]);
      await itemWith(owner(), host);
      const before = (await wholeLog(owner())).filter(({ producer }) => producer === "TH");
      sources.server.answer((asked, response) => {
        handOn(scene, asked, response);
        return true;
      });
      const url = `${sources.server.url}${path}`;
      const source = await create(owner(), { kind, url, tlp: "clear", credential: credential(), ...more });
      const failed = await when(owner(), source.id, "a failure", ({ failures }) => failures > 0);
      expect(failed).toMatchObject({
        objects: 0,
        state: "active",
        lastSubmission: null,
        problem: { code: "own-platform", detail: expect.stringContaining("here already") },
      });
      expect((await wholeLog(owner())).filter(({ producer }) => producer === "TH")).toEqual(before);
    });

    it("are pulled where they are another platform's", async () => {
      const host = freshHost("other-platform");
      sources.server.answer((_request, response) => {
        response.writeHead(200, { "content-type": "text/csv", [HEADER]: "0123456789abcdef".repeat(2) });
        response.end(`value\n${host}\n`);
        return true;
      });
      const source = await create(owner(), {
        kind: "url",
        url: `${sources.server.url}/list.csv`,
        tlp: "green",
      });
      expect(await pulled(owner(), source.id, 1)).toMatchObject({ problem: null });
      await itemWith(scene.as("SG"), host);
    });
  });
}

/** As a reverse proxy does, with the caller's own credentials. */
function handOn(scene: Scene, asked: IncomingMessage, response: ServerResponse): void {
  const sent = request(`${scene.url}${asked.url}`, { headers: { ...asked.headers, host: "proxy.example" } });
  sent.on("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  sent.on("error", () => response.destroy());
  sent.end();
}
