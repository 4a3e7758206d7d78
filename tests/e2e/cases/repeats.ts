import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Scene } from "../scene.ts";

/** Calls that change something, sent twice under one Idempotency-Key. */
export function repeatCases(scene: Scene): void {
  const officer = () => scene.as("LA", "officer");
  const analyst = () => scene.as("LA", "analyst");
  const wanted = (label: string) => ({ roles: ["subscriber"], label, days: 1 });
  const keyed = (key: string = randomUUID()) => ({ "idempotency-key": key });

  describe("a call that is repeated", () => {
    it("is done once, and answered again with the very same", async () => {
      const headers = keyed();
      const label = randomUUID();
      const first = await officer().post("/v1/keys", wanted(label), headers);
      const second = await officer().post("/v1/keys", wanted(label), headers);
      expect(first.status, first.text).toBe(201);
      expect(first.headers.get("idempotency-replayed")).toBeNull();
      expect([second.status, second.text]).toEqual([first.status, first.text]);
      expect(second.headers.get("idempotency-replayed")).toBe("true");
      const { body } = await officer().get("/v1/keys");
      expect(body.items.filter((one: { label: string }) => one.label === label)).toHaveLength(1);
      expect((await scene.withKey(second.body.key).get("/v1/whoami")).status).toBe(200);
    });

    it("has its headers again, also where it has no body", async () => {
      const draft = { title: "t", body: "b", severity: "low", tlp: "green" };
      const headers = keyed();
      const made = [1, 2].map(async () => await analyst().post("/v1/advisories", draft, headers));
      const [first, second] = await Promise.all(made);
      // At once: one does it, the other is told so, or comes after it.
      const statuses = [first?.status, second?.status].sort();
      expect([JSON.stringify([201, 201]), JSON.stringify([201, 409])]).toContain(JSON.stringify(statuses));
      const again = await analyst().post("/v1/advisories", draft, headers);
      expect(again.headers.get("etag")).toBe('"1"');
      const rule = { name: "n", filter: { types: ["indicator"] } };
      const { body } = await analyst().post("/v1/alert-rules", rule);
      const gone = keyed();
      const path = `/v1/alert-rules/${body.id}`;
      const first204 = await analyst().send("DELETE", path, undefined, gone);
      const second204 = await analyst().send("DELETE", path, undefined, gone);
      expect([first204.status, second204.status]).toEqual([204, 204]);
      expect((await analyst().send("DELETE", path)).status).toBe(404);
    });

    it("is refused when it is another call", async () => {
      const headers = keyed();
      await officer().post("/v1/keys", wanted("one"), headers);
      const other = await officer().post("/v1/keys", wanted("two"), headers);
      expect([other.status, other.body.code]).toEqual([422, "idempotency-mismatch"]);
      const elsewhere = await officer().post(
        "/v1/agencies",
        { code: "example-repeat", name: "x", sector: "energy" },
        headers,
      );
      expect([elsewhere.status, elsewhere.body.code]).toEqual([422, "idempotency-mismatch"]);
    });

    it("may be tried again when it failed, and keys of others are others", async () => {
      const headers = keyed();
      const refused = await officer().post("/v1/keys", { ...wanted("x"), organisation: "SG" }, headers);
      expect(refused.status).toBe(422);
      const mended = await officer().post("/v1/keys", wanted("x"), headers);
      expect(mended.status, mended.text).toBe(201);
      const other = await scene.as("VN", "officer").post("/v1/keys", wanted("x"), headers);
      expect(other.status).toBe(201);
      expect(other.body.id).not.toBe(mended.body.id);
    });

    it("has a key of one word", async () => {
      for (const key of ["two words", "x".repeat(201)]) {
        const refused = await Promise.all([
          officer().post("/v1/keys", wanted("x"), keyed(key)),
          scene.as("MY", "subscriber").post("/v1/live/ticket", undefined, keyed(key)),
        ]);
        for (const { status, body } of refused) expect([status, body.code]).toEqual([400, "bad-request"]);
      }
    });
  });
}
