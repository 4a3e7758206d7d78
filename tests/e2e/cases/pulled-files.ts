import { describe, expect, it } from "vitest";
import { wholeLog } from "../../support/api.ts";
import { freshHost, itemWith, mentions, reportHosts, type Scene } from "../scene.ts";
import { fileScene } from "../source-scene.ts";

const tableOf = (...hosts: readonly string[]): string => `value\n${hosts.join("\n")}\n`;

export function pulledFileCases(scene: Scene): void {
  describe("files that are pulled", () => {
    const sources = fileScene();
    const { create, outcomesOf, pullAgain, pulled, when } = sources;
    const make = async (path: string, more: object = {}): Promise<any> =>
      await create(scene.as("ID"), {
        kind: "url",
        url: `${sources.server.url}${path}`,
        tlp: "green",
        ...more,
      });
    const statuses = () => sources.server.asked.map(({ status }) => status);

    it("are submitted once, and again when they have changed: the server says so", async () => {
      const owner = scene.as("ID");
      const [first, second] = [freshHost("file"), freshHost("file-later")];
      sources.server.files.set("/list.csv", tableOf(first));
      const source = await make("/list.csv");
      expect(source).toMatchObject({ kind: "url", folder: null, format: null, problem: null });
      const taken = await pulled(owner, source.id, 1);
      expect(await outcomesOf(owner, taken)).toEqual(["accepted"]);
      expect(await itemWith(scene.as("TH"), first)).toMatchObject({ producer: "ID", tlp: "green" });
      const again = await pullAgain(owner, source.id);
      expect(again).toMatchObject({ objects: 1, lastSubmission: taken.lastSubmission, problem: null });
      expect(statuses()).toEqual([200, 304]);
      sources.server.files.set("/list.csv", tableOf(first, second));
      await owner.post(`/v1/sources/${source.id}/pull`);
      const changed = await pulled(owner, source.id, 2);
      expect(await outcomesOf(owner, changed)).toEqual(["unchanged", "accepted"]);
      expect(Date.parse(changed.addedUpTo)).toBeGreaterThan(Date.now() - 600_000);
      await itemWith(scene.as("TH"), second);
    });

    it("are known by their content where the server does not say whether they have changed", async () => {
      const owner = scene.as("ID");
      sources.server.hasTags = false;
      sources.server.files.set("/list.txt", `${freshHost("file-bare")}\n`);
      const source = await make("/list.txt");
      const taken = await pulled(owner, source.id, 1);
      expect(await pullAgain(owner, source.id)).toMatchObject({
        objects: 1,
        lastSubmission: taken.lastSubmission,
      });
      expect(statuses()).toEqual([200, 200]);
      // What was there before, and is there again, is news: it is submitted, and its values are known.
      const [first = ""] = sources.server.files.values();
      sources.server.files.set("/list.txt", `${freshHost("file-other")}\n`);
      await owner.post(`/v1/sources/${source.id}/pull`);
      const other = await pulled(owner, source.id, 2);
      sources.server.files.set("/list.txt", first);
      await owner.post(`/v1/sources/${source.id}/pull`);
      const back = await pulled(owner, source.id, 3);
      expect(new Set([taken, other, back].map(({ lastSubmission }) => lastSubmission)).size).toBe(3);
      expect(await outcomesOf(owner, back)).toEqual(["unchanged"]);
    });

    it("are read as they were told to be, or as what they show", async () => {
      const owner = scene.as("ID");
      const host = freshHost("file-told");
      sources.server.type = "text/plain";
      sources.server.files.set("/note", `It was seen at ${host.replaceAll(".", "[.]")} at night`);
      sources.server.files.set(
        "/bundle",
        JSON.stringify({ type: "bundle", id: `bundle--${crypto.randomUUID()}`, objects: [] }),
      );
      await pulled(owner, (await make("/note", { format: "text" })).id, 1);
      await itemWith(scene.as("TH"), host);
      const empty = await make("/bundle");
      const failed = await when(owner, empty.id, "a failure", ({ failures }) => failures > 0);
      expect(failed).toMatchObject({ objects: 0, problem: { code: "empty" } });
    });

    it("say why they cannot be taken, and wait before they are asked for again", async () => {
      const owner = scene.as("ID");
      sources.server.files.set("/broken.json", '{"type":"bundle"');
      sources.server.type = "application/json";
      const broken = await make("/broken.json");
      const shown = await when(owner, broken.id, "a failure", ({ failures }) => failures > 0);
      expect(shown).toMatchObject({ state: "active", objects: 0, problem: { code: "malformed-json" } });
      expect(Date.parse(shown.nextAt)).toBeGreaterThan(Date.now());
      sources.server.type = "text/html; charset=utf-8";
      sources.server.files.set("/page", "<html><body>Sign in</body></html>");
      const page = await make("/page", { format: "text" });
      expect(await when(owner, page.id, "a failure", ({ failures }) => failures > 0)).toMatchObject({
        problem: { code: "not-a-file" },
      });
      const gone = await make("/gone");
      expect(await when(owner, gone.id, "a failure", ({ failures }) => failures > 0)).toMatchObject({
        problem: { code: "not-found" },
      });
    });

    it("are not asked for where a server leads within, nor credentials shown there", async () => {
      const owner = scene.as("ID");
      sources.server.answer(({ url }, response) => {
        const location = url === "/within" ? "http://169.254.169.254/latest" : "http://localhost:1/x";
        response.writeHead(302, { location }).end();
        return true;
      });
      const within = await make("/within");
      expect(await when(owner, within.id, "a failure", ({ failures }) => failures > 0)).toMatchObject({
        problem: { code: "address-refused" },
      });
      const away = await make("/away", { credential: { token: "hush-hush" } });
      const failed = await when(owner, away.id, "a failure", ({ failures }) => failures > 0);
      expect(failed.problem).toMatchObject({
        code: "redirected",
        detail: expect.stringContaining("not sent"),
      });
      expect(mentions(failed, "hush-hush")).toBe(false);
    });

    it("do not hand back what an organisation of this platform said, as far as one was told of it", async () => {
      const owner = scene.as("ID");
      const [open, named, unsaid, later] = ["open", "named", "unsaid", "later"].map((about) =>
        freshHost(`file-${about}`),
      ) as [string, string, string, string];
      await reportHosts(scene.as("SG"), "?tlp=green", [open]);
      await reportHosts(scene.as("SG"), "?tlp=amber&to=TH", [named]);
      const { object } = await itemWith(owner, open);
      const rows = [open, named, unsaid].map((host) => `${host},SG,`);
      sources.server.files.set("/again.csv", `value,producer,id\n${rows.join("\n")}\n`);
      const source = await make("/again.csv");
      // Of what it was not told its answer tells nothing.
      expect(await outcomesOf(owner, await pulled(owner, source.id, 1))).toEqual([
        "unchanged",
        "accepted",
        "accepted",
      ]);
      await scene.as("SG").post(`/v1/objects/${object.id}/withdraw`);
      await itemWith(owner, object.id, "withdrawn");
      sources.server.files.set("/again.csv", `value,producer,id\n${open},SG,${object.id}\n${later},VN,\n`);
      await owner.post(`/v1/sources/${source.id}/pull`);
      expect(await outcomesOf(owner, await pulled(owner, source.id, 2))).toEqual([
        "already-withdrawn",
        "accepted",
      ]);
      const own = (await wholeLog(owner)).filter(({ producer }) => producer === "ID");
      expect(own.some((item) => mentions(item, open))).toBe(false);
    });

    it("do not hand back what this platform exported", async () => {
      const owner = scene.as("ID");
      const theirs = freshHost("file-exported");
      const own = freshHost("file-exported-own");
      await reportHosts(scene.as("SG"), "?tlp=green", [theirs]);
      await reportHosts(owner, "?tlp=green", [own]);
      for (const host of [theirs, own]) await itemWith(owner, host);
      const exported = await owner.get("/v1/export/csv?types=indicator&producers=SG,ID");
      expect(exported.status, exported.text).toBe(200);
      const [header = "", ...rows] = exported.text.split("\r\n");
      const ours = rows.filter((row) => row.includes(theirs) || row.includes(own));
      expect(ours).toHaveLength(2);
      sources.server.type = "text/csv";
      sources.server.files.set("/suar.csv", [header, ...ours, ""].join("\r\n"));
      const before = await wholeLog(owner);
      const source = await make("/suar.csv");
      const done = await pulled(owner, source.id, 1);
      expect(await outcomesOf(owner, done)).toEqual(["unchanged", "unchanged"]);
      expect(await wholeLog(owner)).toEqual(before);
    });
  });
}
