import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { submitAndWait, until, wholeLog } from "../../support/api.ts";
import { bundleOf } from "../../support/bundle-of.ts";
import { formOf } from "../../support/form.ts";
import { openLive } from "../../support/live.ts";
import { indicatorOf } from "../indicator-of.ts";
import { freshHost, itemWith, knowsNothingOf, mentions, reportHosts, type Scene } from "../scene.ts";

const JSON_TYPE = "application/json";

export function optionCases(scene: Scene): void {
  const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
  const receiversOf = async (query: string): Promise<string[]> => {
    const body = bundleOf(indicatorOf(freshHost("dry-option")));
    const headers = { "content-type": JSON_TYPE };
    const answer = await scene.as("SG").raw(`/v1/submissions?dryRun=true&${query}`, body, headers);
    expect(answer.status, answer.text).toBe(200);
    return answer.body.recipients.map(({ organisation }: { organisation: string }) => organisation).sort();
  };

  describe("what is said of a submission beside its marking", () => {
    it("narrows whom a dry run tells of", async () => {
      expect(await receiversOf("tlp=green&releasableTo=MY,TH")).toEqual(
        expect.arrayContaining(["MY", "SG", "TH"]),
      );
      const narrowed = await receiversOf("tlp=green&releasableTo=TH");
      expect(narrowed).toEqual(["SG", "TH"]);
      const forwarded = await receiversOf("tlp=amber&to=MY,SG");
      // Its own agencies, whom its own name stands for; which there are behind MY is MY's to tell.
      expect(forwarded.some((code) => code.startsWith("SG:"))).toBe(true);
      expect(forwarded.some((code) => code.startsWith("MY:"))).toBe(false);
      expect(await receiversOf("tlp=amber&to=MY")).toEqual(await receiversOf("tlp=green&to=MY"));
      expect(await receiversOf("tlp=amber&to=MY&noForward=true")).toEqual(["MY", "SG"]);
      expect(await receiversOf("tlp=green&releasableTo=ASEAN")).not.toContain("CN");
    });

    it("keeps what may be released to some from all others, however often it is stated", async () => {
      const host = freshHost("releasable");
      const body = bundleOf(indicatorOf(host));
      await submitAndWait(scene.as("SG"), "?tlp=green&releasableTo=MY", body, JSON_TYPE);
      await itemWith(scene.as("MY"), host);
      expect(await knowsNothingOf(scene.as("VN"), host)).toBe(true);
      const again = await submitAndWait(scene.as("SG"), "?tlp=green", body, JSON_TYPE);
      expect(again.body.counts).toMatchObject({ accepted: 0, unchanged: 1 });
      expect(await knowsNothingOf(scene.as("VN"), host)).toBe(true);
    });

    it("takes away from those to whom it may not be released any more, who are told", async () => {
      const host = freshHost("narrowed");
      const object = indicatorOf(host);
      await submitAndWait(scene.as("SG"), "?tlp=green", bundleOf(object), JSON_TYPE);
      await itemWith(scene.as("VN"), host);
      await submitAndWait(scene.as("SG"), "?tlp=green&releasableTo=MY", bundleOf(object), JSON_TYPE);
      await itemWith(scene.as("VN"), object.id, "withdrawn");
      expect(await knowsNothingOf(scene.as("VN"), host)).toBe(true);
      expect(mentions(await wholeLog(scene.as("MY")), host)).toBe(true);
    });

    it("is taken from the fields of a form, too", async () => {
      const host = freshHost("form-option");
      const { body, headers } = formOf([
        ["tlp", "green"],
        ["releasableTo", "MY"],
        ["purpose", "response"],
        ["noForward", "false"],
        ["expires", inMs(3_600_000)],
        { file: `value,type\n${host},domain\n`, type: "text/csv" },
      ]);
      const accepted = await scene.as("SG").raw("/v1/submissions", body, headers);
      expect(accepted.status, accepted.text).toBe(202);
      await itemWith(scene.as("MY"), host);
      expect(await knowsNothingOf(scene.as("TH"), host)).toBe(true);
    });

    it("asks for approval where a policy does for that purpose, and lets nothing out before", async () => {
      // CN>SG lets nothing go for law enforcement but after two people's approval (docs/policy.md).
      const host = freshHost("purpose");
      const query = "?tlp=green&to=SG&purpose=law-enforcement";
      await submitAndWait(scene.as("CN"), query, bundleOf(indicatorOf(host)), JSON_TYPE);
      await itemWith(scene.as("CN"), host);
      expect(await knowsNothingOf(scene.as("SG"), host)).toBe(true);
    });

    it("ends at its time, for all but its originator, on every way of reading", async () => {
      const host = freshHost("ends");
      const end = inMs(6_000);
      await reportHosts(scene.as("SG"), `?tlp=green&expires=${end}`, [host]);
      const { object } = await itemWith(scene.as("MY"), host);
      await sleep(Date.parse(end) - Date.now() + 100);
      expect(await knowsNothingOf(scene.as("MY"), host)).toBe(true);
      expect((await scene.as("MY").get(`/v1/objects/${object.id}`)).body.assertions ?? []).not.toContainEqual(
        expect.objectContaining({ withdrawn: false }),
      );
      const late = await openLive(scene.url, scene.key("MY", "subscriber"), { after: 0 });
      await late.waitFor("caught-up", (messages) => messages.some(({ op }) => op === "caught-up"));
      expect(mentions(late.events, host)).toBe(false);
      late.close();
      const taxii = await scene.as("MY").get(`/taxii2/live/collections/all/objects/?match[id]=${object.id}`, {
        accept: "application/taxii+json;version=2.1",
      });
      expect(mentions(taxii.body, host)).toBe(false);
      expect(mentions(await wholeLog(scene.as("SG")), host)).toBe(true);
    });

    it("is kept by a source for all that it pulls", async () => {
      const source = {
        url: "https://options.example.com/",
        tlp: "green",
        purpose: "research",
        noForward: true,
        releasableTo: "MY",
      };
      const made = await scene.as("TH").post("/v1/sources", source);
      expect(made.body, made.text).toMatchObject({
        purpose: "research",
        noForward: true,
        releasableTo: "MY",
      });
      const read = await until(30_000, "the source", async () => {
        const answer = await scene.as("TH").get(`/v1/sources/${made.body.id}`);
        return answer.status === 200 ? answer : undefined;
      });
      expect(read.body).toMatchObject({ purpose: "research", noForward: true, releasableTo: "MY" });
      await scene.as("TH").send("DELETE", `/v1/sources/${made.body.id}`);
    });
  });
}
