import { describe, expect, it } from "vitest";
import { until } from "../../support/api.ts";
import { freshHost, mentions, reportHosts, type Scene } from "../scene.ts";
import { taxiiCaller, wantedObjects } from "../taxii-caller.ts";

const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

export function taxiiCases(scene: Scene): void {
  describe("TAXII", () => {
    it("leads from discovery to the collections of the key's own realm, by Basic as by Bearer", async () => {
      const taxii = taxiiCaller(scene.url, scene.key("MY", "subscriber"));
      const discovery = await taxii.get("/taxii2/");
      expect(discovery.body).toMatchObject({ default: "/taxii2/live/", api_roots: ["/taxii2/live/"] });
      const root = await taxii.get("/taxii2/live/");
      expect(root.body.versions).toEqual(["application/taxii+json;version=2.1"]);
      expect(root.body.max_content_length).toBeGreaterThan(1_000_000);
      const basic = await taxiiCaller(scene.url, scene.key("MY", "subscriber"), "basic").get(
        "/taxii2/live/collections/",
      );
      const bearer = await taxii.get("/taxii2/live/collections/");
      expect(basic.body).toEqual(bearer.body);
      const { collections } = bearer.body;
      const aliases = collections.map(({ alias }: { alias: string }) => alias);
      for (const alias of ["all", "tlp-green", "producer-sg", "producer-my", "sector-energy"])
        expect(aliases).toContain(alias);
      expect(new Set(aliases).size).toBe(aliases.length);
      for (const { id, can_read: read, can_write: write } of collections) {
        expect(id).toMatch(UUID_4);
        expect({ read, write }).toEqual({ read: true, write: false }); // a subscriber
      }
      expect((await taxii.get(`/taxii2/live/collections/${collections[0].id}/`)).body).toEqual(
        collections[0],
      );
      expect((await taxii.get("/taxii2/live/collections/tlp-green/")).body.alias).toBe("tlp-green");
      // Without its slash an address leads to the one with it.
      expect((await taxii.get("/taxii2/live/collections/tlp-green")).body.alias).toBe("tlp-green");
    });

    it("asks who is there, and tells strangers and operators nothing", async () => {
      const nobody = await taxiiCaller(scene.url, undefined).get("/taxii2/live/");
      expect(nobody.status).toBe(401);
      expect(nobody.headers.get("www-authenticate")).toMatch(/Basic realm=.*Bearer/);
      expect(nobody.body).toMatchObject({ title: expect.any(String), http_status: "401" });
      expect(
        (await taxiiCaller(scene.url, `suar_abcdefabcdef_${"x".repeat(43)}`, "basic").get("/taxii2/")).status,
      ).toBe(401);
      const operator = await scene.operator().get("/taxii2/live/collections/all/objects/");
      expect(operator.status).toBe(403);
      expect((await scene.as("MY").get("/taxii2/dabcdef/collections/")).status).toBe(404);
    });

    it("shows each reader of a collection what is for it, in the order of the log, page by page", async () => {
      const [green, named] = [freshHost("taxii-green"), freshHost("taxii-named")];
      const reader = taxiiCaller(scene.url, scene.key("TH", "subscriber"));
      const stranger = taxiiCaller(scene.url, scene.key("CN", "subscriber"));
      const before = (await reader.all("/taxii2/live/collections/producer-vn/objects/?match[type]=indicator"))
        .last;
      await reportHosts(scene.as("VN"), "?tlp=green", [green]);
      await reportHosts(scene.as("VN"), "?tlp=amber&to=TH", [named]);
      const since = `?match[type]=indicator&limit=1${before === undefined ? "" : `&added_after=${before}`}`;
      const seen = await reader.all(`/taxii2/live/collections/producer-vn/objects/${since}`);
      expect(seen.objects.map(({ name }) => name)).toEqual([green, named]);
      expect(seen.pages).toBe(2);
      const other = await stranger.all("/taxii2/live/collections/all/objects/");
      expect(mentions(other.objects, green)).toBe(true);
      expect(mentions(other.objects, named)).toBe(false);
      const { id } = seen.objects[1];
      for (const path of [`objects/${id}/`, `objects/${id}/versions/`])
        expect((await stranger.get(`/taxii2/live/collections/all/${path}`)).status).toBe(404);
      expect((await reader.get(`/taxii2/live/collections/tlp-green/objects/${id}/`)).status).toBe(404);
      const one = await reader.get(`/taxii2/live/collections/tlp-amber/objects/${id}/`);
      expect(one.body.objects).toEqual([seen.objects[1]]);
      const manifest = await reader.all(`/taxii2/live/collections/producer-vn/manifest/${since}`);
      expect(manifest.objects.map((record) => record.id)).toEqual(seen.objects.map((object) => object.id));
      const dates = manifest.objects.map((record) => record.date_added);
      expect(dates.every((date) => DATE.test(date))).toBe(true);
      expect([...dates].sort()).toEqual(dates);
      expect(manifest.objects[0].version).toBe(seen.objects[0].modified);
    });

    it("holds what its objects refer to: the members' identities and the TLP definitions", async () => {
      const host = freshHost("taxii-author");
      await reportHosts(scene.as("ID"), "?tlp=green", [host]);
      const reader = taxiiCaller(scene.url, scene.key("LA", "subscriber"));
      const { objects } = await reader.all("/taxii2/live/collections/producer-id/objects/");
      const indicator = objects.find(({ name }) => name === host);
      const known = new Set(objects.map(({ id }) => id));
      expect(known).toContain(indicator.created_by_ref);
      for (const ref of indicator.object_marking_refs) expect(known).toContain(ref);
      const author = await reader.get(`/taxii2/live/collections/all/objects/${indicator.created_by_ref}/`);
      expect(author.body.objects).toMatchObject([{ type: "identity", identity_class: "organization" }]);
    });

    it("takes what is posted, with a status that comes to an end, and gives it to others", async () => {
      const analyst = taxiiCaller(scene.url, scene.key("PH"));
      const [good, marked] = [freshHost("posted"), freshHost("posted-amber")];
      const objects = wantedObjects([{ value: good }, { value: marked, tlp: "amber" }, { value: "" }]);
      const posted = await analyst.post("/taxii2/live/collections/tlp-green/objects/", { objects });
      expect(posted).toMatchObject({ status: 202, body: { total_count: 3, pending_count: 3 } });
      expect(posted.headers.get("content-type")).toBe("application/taxii+json;version=2.1");
      const status = await until(30_000, "the status", async () => {
        const { body } = await analyst.get(`/taxii2/live/status/${posted.body.id}/`);
        return body.status === "complete" ? body : undefined;
      });
      expect(status).toMatchObject({ total_count: 3, success_count: 2, failure_count: 1, pending_count: 0 });
      expect(status.successes.map(({ id }: { id: string }) => id)).toEqual([objects[0]?.id, objects[1]?.id]);
      expect(status.failures).toMatchObject([{ id: objects[2]?.id, message: expect.stringMatching(/./) }]);
      const reader = taxiiCaller(scene.url, scene.key("BN", "subscriber"));
      const { objects: green } = await reader.all(
        "/taxii2/live/collections/tlp-green/objects/?match[type]=domain-name",
      );
      expect(mentions(green, good)).toBe(true);
      expect(mentions(green, marked)).toBe(false);
      expect(
        (await taxiiCaller(scene.url, scene.key("BN")).get(`/taxii2/live/status/${posted.body.id}/`)).status,
      ).toBe(404);
    });

    it("refuses to write where the caller may not, and what is too large or of another type", async () => {
      const objects = wantedObjects([{ value: freshHost("refused") }]);
      const path = "/taxii2/live/collections/tlp-green/objects/";
      expect(
        (await taxiiCaller(scene.url, scene.key("PH", "subscriber")).post(path, { objects })).status,
      ).toBe(403);
      const analyst = taxiiCaller(scene.url, scene.key("PH"));
      expect((await analyst.post("/taxii2/live/collections/producer-sg/objects/", { objects })).status).toBe(
        403,
      );
      expect((await analyst.post(path, { objects }, "application/json")).status).toBe(415);
      expect((await analyst.post(path, { type: "bundle", objects })).status).toBe(422);
      const large = { objects: wantedObjects([{ value: "x".repeat(17 * 1024 * 1024) }]) };
      const refused = await analyst.post(path, large);
      expect(refused).toMatchObject({
        status: 413,
        body: { details: { max_content_length: expect.any(String) } },
      });
    });
  });
}
