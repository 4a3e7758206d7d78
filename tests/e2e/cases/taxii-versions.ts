import { randomUUID } from "node:crypto";
import { parseStixObject, type StixObject, suarId } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { submitAndWait, until } from "../../support/api.ts";
import { freshHost, itemWith, mentions, reportHosts, type Scene } from "../scene.ts";
import { postAll, taxiiCaller, wantedObjects } from "../taxii-caller.ts";

export function taxiiVersionCases(scene: Scene): void {
  describe("withdrawals and versions in TAXII", () => {
    it("withdraws by DELETE what the caller stated, from everybody, and nobody else's", async () => {
      const host = freshHost("deleted");
      await reportHosts(scene.as("KH"), "?tlp=green", [host]);
      const reader = taxiiCaller(scene.url, scene.key("MM", "subscriber"));
      const found = await reader.all("/taxii2/live/collections/producer-kh/objects/?match[type]=indicator");
      const { id } = found.objects.find(({ name }) => name === host);
      const path = `/taxii2/live/collections/producer-kh/objects/${id}/`;
      expect((await reader.send("DELETE", path)).status).toBe(403);
      const foreign = await taxiiCaller(scene.url, scene.key("MM")).send(
        "DELETE",
        `/taxii2/live/collections/tlp-green/objects/${id}/`,
      );
      expect(foreign.status).toBe(403);
      const owner = taxiiCaller(scene.url, scene.key("KH"));
      expect((await owner.send("DELETE", `${path}?match[spec_version]=2.0`)).status).toBe(404);
      expect((await reader.get(path)).status).toBe(200);
      const done = await owner.send("DELETE", path);
      expect(done).toMatchObject({ status: 200, text: "" });
      // What is left of it is the version that says so.
      const left = await until(30_000, "the deletion", async () => {
        const { status, body } = await reader.get(path);
        return status === 200 && body.objects?.[0]?.revoked === true ? body.objects : undefined;
      });
      expect(left).toHaveLength(1);
      expect(mentions(left, host)).toBe(false);
      expect((await owner.send("DELETE", path)).status).toBe(404);
      const all = await reader.all("/taxii2/live/collections/all/objects/");
      expect(mentions(all.objects, host)).toBe(false);
    });

    it("tells of a withdrawal by a revoked version, at the withdrawal's place, until something newer is stated", async () => {
      const host = freshHost("taxii-revoked");
      const csv = `value,type,sector\n${host},domain,energy`;
      await submitAndWait(scene.as("BN"), "?tlp=amber&to=VN", csv, "text/csv");
      const reader = taxiiCaller(scene.url, scene.key("VN", "subscriber"));
      const { object } = await itemWith(scene.as("VN"), host);
      const since = (await reader.all("/taxii2/live/collections/all/manifest/")).last;
      await scene.as("BN").post(`/v1/objects/${object.id}/withdraw`);
      await itemWith(scene.as("VN"), object.id, "withdrawn");
      const collections = ["all", "producer-bn", "tlp-amber"];
      for (const alias of collections) {
        const base = `/taxii2/live/collections/${alias}`;
        const news = await until(30_000, `the revocation in ${alias}`, async () => {
          const { objects } = await reader.all(`${base}/objects/?added_after=${since}`);
          return objects.find(({ id }) => id === object.id);
        });
        expect(news).toMatchObject({
          type: "indicator",
          spec_version: "2.1",
          created: object.created,
          created_by_ref: object.created_by_ref,
          revoked: true,
          object_marking_refs: object.object_marking_refs,
        });
        expect(parseStixObject(news)).toMatchObject({ ok: true });
        expect(Date.parse(news.modified)).toBeGreaterThan(Date.parse(object.modified));
        expect(mentions(news, host)).toBe(false);
        // Objects, versions and manifest agree, and nothing of the earlier version is left.
        const whole = await reader.get(`${base}/objects/${object.id}/?match[version]=all`);
        expect(whole.body.objects).toEqual([news]);
        const first = await reader.get(`${base}/objects/${object.id}/?match[version]=first`);
        expect(first.body.objects).toEqual([news]);
        const versions = await reader.get(`${base}/objects/${object.id}/versions/`);
        expect(versions.body.versions).toEqual([news.modified]);
        const manifest = await reader.all(`${base}/manifest/?match[id]=${object.id}&match[version]=all`);
        expect(manifest.objects.map(({ version }) => version)).toEqual([news.modified]);
      }
      const stranger = taxiiCaller(scene.url, scene.key("CN", "subscriber"));
      expect((await stranger.get(`/taxii2/live/collections/all/objects/${object.id}/`)).status).toBe(404);

      // Stated again, it is there again, and was never revoked for good.
      await submitAndWait(scene.as("BN"), "?tlp=amber&to=VN", csv, "text/csv");
      await until(30_000, "the new statement", async () => {
        const { body } = await reader.get(
          `/taxii2/live/collections/all/objects/${object.id}/?match[version]=all`,
        );
        return body.objects?.length === 1 && body.objects[0].revoked === undefined ? true : undefined;
      });
    });

    it("ends by a withdrawal what its creator said and others passed on, and nothing that others mean by the id", async () => {
      const [squatted, named] = wantedObjects([
        { value: "x", type: "campaign", name: freshHost("first-use") },
        { value: "x", type: "campaign", name: freshHost("created") },
      ]) as [StixObject, StixObject];
      const meant = { ...squatted, name: freshHost("what-is-meant") };
      const created = { ...named, created_by_ref: suarId("identity", "PH") };
      await analystPosts(scene, "PH", [squatted, created]);
      await analystPosts(scene, "TH", [meant, created]);
      const reader = taxiiCaller(scene.url, scene.key("VN", "subscriber"));
      for (const { id } of [squatted, created]) {
        await scene.as("PH").post(`/v1/objects/${id}/withdraw`);
        await itemWith(scene.as("VN"), id, "withdrawn");
      }
      const last = async ({ id }: StixObject) =>
        (await reader.get(`/taxii2/live/collections/all/objects/${id}/`)).body.objects;
      await until(30_000, "the revocation", async () =>
        (await last(created))[0].revoked === true ? true : undefined,
      );
      expect(await last(squatted)).toEqual([expect.objectContaining({ name: meant.name })]);
    });

    it("serves nothing in the place of what cannot be revoked: observables, ends, and others' objects", async () => {
      const [a, b, foreign] = wantedObjects([
        { value: "x", type: "campaign", name: freshHost("end") },
        { value: "x", type: "malware", name: freshHost("end") },
        { value: "x", type: "campaign", name: freshHost("foreign") },
      ]) as [StixObject, StixObject, StixObject];
      const [observable] = wantedObjects([{ value: freshHost("unversioned") }]) as [StixObject];
      const { created, modified } = a;
      const tie = {
        type: "relationship",
        spec_version: "2.1",
        id: a.id.replace("campaign", "relationship"),
        created,
        modified,
        relationship_type: "uses",
        source_ref: a.id,
        target_ref: b.id,
      };
      const theirs = { ...foreign, created_by_ref: `identity--${randomUUID()}` };
      await analystPosts(scene, "KH", [a, { ...b, is_family: false }, tie, theirs, observable]);
      const reader = taxiiCaller(scene.url, scene.key("VN", "subscriber"));
      const at = (id: string) => `/taxii2/live/collections/all/objects/${id}/`;
      for (const { id } of [tie, theirs, observable, a]) {
        expect((await reader.get(at(id))).status, id).toBe(200);
        const answer = await scene.as("KH").post(`/v1/objects/${id}/withdraw`);
        expect(answer.status, answer.text).toBe(200);
        await itemWith(scene.as("VN"), id, "withdrawn");
      }
      await until(30_000, "the revocation of the last", async () =>
        (await reader.get(at(a.id))).status === 200 ? true : undefined,
      );
      for (const { id } of [tie, theirs, observable]) expect((await reader.get(at(id))).status, id).toBe(404);
    });

    it("lets nobody supersede, revoke or take over what another created", async () => {
      const [stated] = wantedObjects([{ value: "x", type: "campaign", name: freshHost("campaign") }]);
      const own = stated as StixObject;
      await analystPosts(scene, "SG", [own]);
      const reader = taxiiCaller(scene.url, scene.key("VN", "subscriber"));
      const path = `/taxii2/live/collections/all/objects/${own.id}/`;
      const later = { ...own, modified: "2026-06-01T00:00:00.000Z", name: "by another", revoked: true };
      await analystPosts(scene, "MY", [later]);
      const claim = { created_by_ref: suarId("identity", "PH"), name: "taken over" };
      await analystPosts(scene, "PH", [{ ...own, ...claim }]);
      const last = async () => (await reader.get(path)).body.objects.map(({ name }: StixObject) => name);
      expect(await last()).toEqual([own.name]);
      expect((await reader.get(`${path}?match[version]=first`)).body.objects).toMatchObject([
        { name: own.name },
      ]);
      expect((await reader.get(`${path}?match[version]=all`)).body.objects).toHaveLength(2);
      // Its creator's next version is the last one, although another's is newer.
      await analystPosts(scene, "SG", [
        { ...own, modified: "2026-03-01T00:00:00.000Z", name: "its own next" },
      ]);
      expect(await last()).toEqual(["its own next"]);
    });

    it("takes one instant in two spellings for one version", async () => {
      const [stated] = wantedObjects([{ value: "x", type: "campaign", name: freshHost("campaign") }]);
      const own = stated as StixObject;
      await analystPosts(scene, "SG", [own]);
      await analystPosts(scene, "TH", [{ ...own, modified: "2026-01-01T00:00:00.0000Z" }]);
      const path = `/taxii2/live/collections/all/objects/${own.id}/?match[version]=all`;
      const { body } = await taxiiCaller(scene.url, scene.key("VN", "subscriber")).get(path);
      expect(body.objects).toHaveLength(1);
    });

    it("keeps versions apart, and several members' words about one id to one", async () => {
      const [object] = wantedObjects([{ value: "x", type: "campaign", name: freshHost("campaign") }]);
      const later = { ...object, modified: "2026-02-01T00:00:00.000Z", description: "later" };
      for (const version of [object, later]) await analystPosts(scene, "SG", [version as object]);
      await analystPosts(scene, "TH", [{ ...later }]);
      const reader = taxiiCaller(scene.url, scene.key("VN", "subscriber"));
      const base = `/taxii2/live/collections/all/objects/${object?.id}/`;
      expect((await reader.get(base)).body.objects).toMatchObject([{ modified: later.modified }]);
      expect((await reader.get(`${base}?match[version]=first`)).body.objects).toMatchObject([
        { modified: object?.modified },
      ]);
      expect((await reader.get(`${base}?match[version]=all`)).body.objects).toHaveLength(2);
      expect((await reader.get(`${base}?match[version]=2026-02-01T00:00:00Z`)).body.objects).toHaveLength(1);
      expect((await reader.get(`${base}versions/`)).body.versions).toEqual([
        object?.modified,
        later.modified,
      ]);
      expect((await reader.get(`${base}?match[version]=2020-01-01T00:00:00Z`)).body).toEqual({});
    });
  });
}

async function analystPosts(scene: Scene, member: string, objects: readonly object[]): Promise<void> {
  await postAll(taxiiCaller(scene.url, scene.key(member)), objects);
}
