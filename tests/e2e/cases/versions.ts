import { suarId } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { submitAndWait, wholeLog } from "../../support/api.ts";
import { bundleOf } from "../../support/bundle-of.ts";
import { indicatorOf } from "../indicator-of.ts";
import { freshHost, itemWith, knowsNothingOf, mentions, type Scene } from "../scene.ts";

const CSV = "text/csv";
const JSON_TYPE = "application/json";

export function versionCases(scene: Scene): void {
  describe("versions of what is submitted", () => {
    it("takes the same again as unchanged, and tells nobody twice", async () => {
      const host = freshHost("repeated");
      const table = `value,type\n${host},domain\n`;
      await submitAndWait(scene.as("PH"), "?tlp=green", table, CSV);
      await itemWith(scene.as("MY"), host);
      const again = await submitAndWait(scene.as("PH"), "?tlp=green", table, CSV);
      expect(again.body.counts).toMatchObject({ accepted: 0, unchanged: 1, rejected: 0 });
      const marker = freshHost("marker");
      await submitAndWait(scene.as("PH"), "?tlp=green", `value,type\n${marker},domain\n`, CSV);
      await itemWith(scene.as("MY"), marker);
      const told = (await wholeLog(scene.as("MY"))).filter(({ object }) => mentions(object, host));
      expect(told).toHaveLength(1);
    });

    it("tells who states a container what it holds that stays wider, and nobody else's of it", async () => {
      const [own, kept, theirs] = ["wider", "kept", "theirs"].map((name) => indicatorOf(freshHost(name)));
      const state = async (member: string, query: string, ...objects: object[]) =>
        (await submitAndWait(scene.as(member), query, bundleOf(...objects), JSON_TYPE)).body;
      await state("PH", "?tlp=green", own);
      await state("PH", "?tlp=amber", kept);
      await state("TH", "?tlp=green", theirs);
      await itemWith(scene.as("PH"), theirs.id);
      const at = "2026-05-01T00:00:00.000Z";
      const common = { spec_version: "2.1", created: at, modified: at, published: at, name: "all three" };
      const refs = { object_refs: [own.id, kept.id, theirs.id] };
      const report = { type: "report", id: `report--${crypto.randomUUID()}`, ...common, ...refs };
      const dry = await scene
        .as("PH")
        .raw("/v1/submissions?tlp=amber&dryRun=true", bundleOf(report), { "content-type": JSON_TYPE });
      const { records } = await state("PH", "?tlp=amber", report);
      for (const [record] of [dry.body.records, records]) {
        expect(record).toMatchObject({ outcome: "accepted", code: "contents-wider" });
        expect(record.reason).toMatch(new RegExp(`: ${own.id} \\(green\\)$`));
      }
      expect(await knowsNothingOf(scene.as("MY"), own.name)).toBe(false);
      // Marked as strictly, there is nothing to tell.
      const again = { ...report, id: `report--${crypto.randomUUID()}`, object_refs: [kept.id] };
      const { code } = (await state("PH", "?tlp=amber", again)).records[0];
      expect(code).toBe(undefined);
    });

    it("takes a newer version by the originator, and refuses an older one and one after a revocation", async () => {
      const host = freshHost("versions");
      const id = "indicator--5f0c7a86-2f4b-4a0e-8f55-0d4f5f1b9a11";
      const version = (modified: string, name: string, revoked: boolean) =>
        JSON.stringify({
          type: "indicator",
          spec_version: "2.1",
          id,
          created: "2026-03-05T00:00:00.000Z",
          modified,
          revoked,
          name,
          pattern: `[domain-name:value = '${host}']`,
          pattern_type: "stix",
          valid_from: "2026-03-05T00:00:00.000Z",
        });
      const bundle = (object: string) =>
        `{"type":"bundle","id":"bundle--${crypto.randomUUID()}","objects":[${object}]}`;
      const send = async (modified: string, name: string, revoked = false) =>
        (
          await submitAndWait(
            scene.as("ID"),
            "?tlp=green&format=stix",
            bundle(version(modified, name, revoked)),
            JSON_TYPE,
          )
        ).body;
      expect((await send("2026-03-05T00:00:00.000Z", "first version")).counts.accepted).toBe(1);
      expect((await send("2026-03-06T00:00:00.000Z", "second version")).counts.accepted).toBe(1);
      const old = await send("2026-03-05T12:00:00.000Z", "between the two");
      expect(old.counts).toMatchObject({ accepted: 0, rejected: 1 });
      expect(old.records[0]).toMatchObject({ outcome: "rejected", code: "older-version" });
      await itemWith(scene.as("MY"), "second version");
      const log = (await wholeLog(scene.as("MY"))).filter(({ object }) => object.id === id);
      expect(log.map(({ object }) => object.name)).toEqual(["first version", "second version"]);
      const shown = await scene.as("MY").get(`/v1/objects/${id}`);
      expect(shown.body.assertions.map(({ object }: any) => object.name)).toEqual(["second version"]);
      expect((await send("2026-03-07T00:00:00.000Z", "revoked", true)).counts.accepted).toBe(1);
      const late = await send("2026-03-08T00:00:00.000Z", "after the revocation");
      expect(late.records[0]).toMatchObject({ outcome: "rejected", code: "revoked" });
    });

    it("refuses organisations' identities, which Suar serves, from everybody, and keeps what names them", async () => {
      const [host, later] = [freshHost("impostor"), freshHost("impostor-later")];
      const at = "2030-01-01T00:00:00.000Z";
      for (const [by, of] of [
        ["PH", "SG"],
        ["SG", "SG"],
        ["PH", "SG:example-bank"],
      ] as const) {
        const id = suarId("identity", of);
        const identity = { type: "identity", spec_version: "2.1", id, created: at, modified: at, name: host };
        const indicator = indicatorOf(host, { created_by_ref: id });
        const bundle = {
          type: "bundle",
          id: `bundle--${crypto.randomUUID()}`,
          objects: [identity, indicator],
        };
        const query = "?tlp=green&format=stix";
        const { body: dry } = await scene
          .as(by)
          .raw(`/v1/submissions${query}&dryRun=true`, JSON.stringify(bundle));
        const { body } = await submitAndWait(scene.as(by), query, JSON.stringify(bundle), JSON_TYPE);
        for (const { records } of [dry, body])
          expect(records.map(({ code, outcome }: any) => code ?? outcome)).toEqual([
            "another-creator",
            "accepted",
          ]);
        await submitAndWait(
          scene.as(by),
          query,
          JSON.stringify(indicatorOf(later, { created_by_ref: id })),
          JSON_TYPE,
        );
      }
      await itemWith(scene.as("TH"), later);
      const log = await wholeLog(scene.as("TH"));
      const [own, others] = [suarId("identity", "SG"), suarId("identity", "SG:example-bank")];
      for (const [name, ids] of [
        [host, [own, own, others]],
        [later, [own, own, others]],
      ] as const)
        expect(
          log.filter(({ object }) => object.name === name).map(({ object }) => object.created_by_ref),
        ).toEqual(ids);
      expect(log.filter(({ object }) => object.id === own)).toEqual([]);
    });

    it("takes a version that says another created than the one before, and tells its producer", async () => {
      const first = indicatorOf(freshHost("moved"));
      const at = "2026-04-01T00:00:00.000Z";
      const moved = { ...first, created: at, modified: at };
      for (const [object, code] of [
        [first, undefined],
        [moved, "created-differs"],
        [{ ...moved, modified: "2026-04-02T00:00:00.000Z" }, undefined],
      ]) {
        const { body } = await submitAndWait(
          scene.as("ID"),
          "?tlp=green&format=stix",
          JSON.stringify(object),
          JSON_TYPE,
        );
        expect(body.records).toMatchObject([{ outcome: "accepted" }]);
        expect(body.records[0].code).toBe(code);
      }
    });

    it("takes all versions that one submission holds, newest first as they may come", async () => {
      const host = freshHost("versions-at-once");
      const at = (day: number) => `2026-03-0${day}T00:00:00.000Z`;
      const first = indicatorOf(host, { name: "day 1", modified: at(1) });
      const objects = [3, 1, 2].map((day) => ({ ...first, name: `day ${day}`, modified: at(day) }));
      const query = "?tlp=green&format=stix";
      const bundle = JSON.stringify({ type: "bundle", id: `bundle--${crypto.randomUUID()}`, objects });
      const { body: dry } = await scene.as("ID").raw(`/v1/submissions${query}&dryRun=true`, bundle);
      expect(dry.counts).toMatchObject({ accepted: 3, rejected: 0 });
      const { body } = await submitAndWait(scene.as("ID"), query, bundle, JSON_TYPE);
      expect(body.counts).toMatchObject({ accepted: 3, rejected: 0 });
      expect(body.records.map(({ at: place }: any) => place)).toEqual([0, 1, 2].map((n) => `/objects/${n}`));
      await itemWith(scene.as("MY"), "day 3");
      const log = (await wholeLog(scene.as("MY"))).filter(({ object }) => object.id === first.id);
      expect(log.map(({ object }) => object.name)).toEqual(["day 1", "day 2", "day 3"]);
    });
  });
}
