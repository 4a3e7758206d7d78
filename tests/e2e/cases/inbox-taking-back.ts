import { scoId } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { submitAndWait, until, wholeLog } from "../../support/api.ts";
import { bundleOf } from "../../support/bundle-of.ts";
import { openLive } from "../../support/live.ts";
import { startReceiver } from "../../support/receiver.ts";
import { redTo } from "../../support/sessions.ts";
import { inboxScene } from "../inbox-scene.ts";
import { indicatorOf } from "../indicator-of.ts";
import { freshHost, itemWith, knowsNothingOf, mentions, type Scene } from "../scene.ts";

const JSON_TYPE = "application/json";

export function inboxTakingBackCases(scene: Scene): void {
  const { signIn, contact, personOf, itemOf } = inboxScene(scene);
  const state = async (member: string, query: string, ...objects: object[]) =>
    (await submitAndWait(scene.as(member), query, bundleOf(...objects), JSON_TYPE)).body;

  describe("what is stated as TLP:RED after it was released", () => {
    it("is withdrawn from everybody, on every channel, and goes to the named people alone", async () => {
      const host = freshHost("red-later");
      const object = indicatorOf(host);
      const receiver = await startReceiver();
      const reader = scene.as("MY", "subscriber");
      await reader.post("/v1/webhooks", { url: receiver.url, filter: { values: [host] } });
      const live = await openLive(scene.url, scene.key("MY", "subscriber"), { after: "latest" });
      await state("SG", "?tlp=green", object);
      await state("TH", "?tlp=green", indicatorOf(freshHost("another"), { id: object.id }));
      await itemWith(reader, host);
      await receiver.waitFor(1);

      const to = await contact("MY");
      const sender = await signIn("SG", await personOf(scene.as("SG")));
      const newer = { ...object, modified: "2026-04-01T00:00:00.000Z", description: "and more" };
      const dry = await sender.api.raw(`/v1/submissions${redTo(to.person)}&dryRun=true`, bundleOf(newer), {
        "content-type": JSON_TYPE,
      });
      expect(dry.body.records).toMatchObject([{ outcome: "accepted", code: "taken-back" }]);
      expect(await knowsNothingOf(reader, host)).toBe(false);

      const { body } = await submitAndWait(sender.api, redTo(to.person), bundleOf(newer), JSON_TYPE);
      expect(body.counts).toMatchObject({ accepted: 1, rejected: 0 });
      const isAboutIt = (item: any) => item?.kind === "withdrawn" && item.object.id === object.id;
      await live.waitFor("the withdrawal", () => live.events.some(isAboutIt));
      await until(20_000, "the webhook", async () =>
        receiver.received.find(({ json }) => isAboutIt(json.data)),
      );
      const { object: stub } = await itemWith(reader, object.id, "withdrawn");
      expect(Object.keys(stub).sort()).toEqual(["id", "modified", "type"]);
      for (const member of ["SG", "MY", "VN"])
        expect(await knowsNothingOf(scene.as(member), host), member).toBe(true);
      const taxii = await reader.get(
        `/taxii2/live/collections/all/objects/?match[id]=${object.id}&match[version]=all`,
        {
          accept: "application/taxii+json;version=2.1",
        },
      );
      expect(mentions(taxii.body, host)).toBe(false);
      // Why is told to nobody but its sender; what another says of the id is theirs.
      const told = (await wholeLog(scene.as("SG", "officer"))).filter(isAboutIt);
      expect(new Set(told.map(({ tlp }: any) => tlp))).toEqual(new Set(["green"]));
      expect(mentions(told, "red")).toBe(false);
      const { assertions } = (await reader.get(`/v1/objects/${object.id}`)).body;
      expect(
        assertions.filter(({ withdrawn }: any) => !withdrawn).map(({ producer }: any) => producer),
      ).toEqual(["TH"]);
      const { content } = (await to.api.get(`/v1/inbox/${(await itemOf(to)).id}`)).body;
      expect(mentions(content, host)).toBe(true);
      live.close();
    });

    it("is what a later report holds of it, too, and neither who says it nor what another made or said", async () => {
      const [host, other, made] = [
        freshHost("red-contained"),
        freshHost("red-elsewhere"),
        freshHost("red-made"),
      ];
      const [object, theirs, catalogued] = [indicatorOf(host), indicatorOf(other), indicatorOf(made)];
      const at = "2026-05-01T00:00:00.000Z";
      const common = { spec_version: "2.1", created: at, modified: at };
      const author = {
        ...common,
        type: "identity",
        id: `identity--${crypto.randomUUID()}`,
        name: "the author",
      };
      const by = { created_by_ref: author.id };
      await state("SG", "?tlp=green", { ...author, identity_class: "organization" }, object, {
        ...catalogued,
        ...by,
      });
      await submitAndWait(scene.as("SG"), "?tlp=green&format=csv", `value\n${made}\n`, "text/csv");
      await state("TH", "?tlp=green", theirs);
      await itemWith(scene.as("VN"), host);
      await itemWith(scene.as("VN"), other);

      const to = await contact("VN");
      const report = { ...common, ...by, type: "report", id: `report--${crypto.randomUUID()}`, name: "both" };
      const refs = { published: at, object_refs: [object.id, theirs.id, catalogued.id] };
      const said = [
        { ...author, identity_class: "organization" },
        { ...catalogued, ...by },
        {
          type: "domain-name",
          spec_version: "2.1",
          id: scoId({ type: "domain-name", value: made }),
          value: made,
        },
        object,
        { ...report, ...refs },
      ];
      expect((await state("SG", redTo(to.person), ...said)).counts).toMatchObject({ rejected: 0 });
      await itemWith(scene.as("VN"), object.id, "withdrawn");
      expect(await knowsNothingOf(scene.as("VN"), host)).toBe(true);
      for (const kept of [other, made]) expect(await knowsNothingOf(scene.as("VN"), kept), kept).toBe(false);
      const withdrawn = (await wholeLog(scene.as("VN"))).filter(({ kind }: any) => kind === "withdrawn");
      for (const { id } of [author, catalogued, theirs]) expect(mentions(withdrawn, id), id).toBe(false);
      const { items } = (await scene.as("VN").get(`/v1/search?q=${made}`)).body;
      expect(items.map(({ object: one }: any) => one.type).sort()).toEqual(["indicator", "indicator"]);
    });

    it("stays taken back when the very same is stated to all again, until a newer version is", async () => {
      const host = freshHost("red-asked");
      const object = indicatorOf(host);
      await state("CN", "?tlp=green", object);
      await itemWith(scene.as("LA"), host);
      const to = await contact("LA");
      await state("CN", redTo(to.person), object);
      await itemWith(scene.as("LA"), object.id, "withdrawn");
      expect((await state("CN", "?tlp=green", object)).counts).toMatchObject({ accepted: 0, rejected: 1 });
      expect(await knowsNothingOf(scene.as("LA"), host)).toBe(true);
      const newer = { ...object, modified: "2026-06-01T00:00:00.000Z" };
      expect((await state("CN", "?tlp=green", newer)).counts).toMatchObject({ accepted: 1 });
    });
  });
}
