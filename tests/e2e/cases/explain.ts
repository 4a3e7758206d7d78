import { describe, expect, it } from "vitest";
import { type Caller, submitAndWait } from "../../support/api.ts";
import { bundleOf } from "../../support/bundle-of.ts";
import { addPerson, publish, redTo, type SignedIn, signInAs } from "../../support/sessions.ts";
import { indicatorOf } from "../indicator-of.ts";
import { freshHost, itemWith, type Scene } from "../scene.ts";

const CSV = "text/csv";
const JSON_TYPE = "application/json";

export function explainCases(scene: Scene): void {
  const explain = async (by: Caller, id: string, more = "") =>
    await by.get(`/v1/explain?object=${encodeURIComponent(id)}${more}`);
  const linesOf = async (by: Caller, id: string): Promise<any[]> => {
    const { body, text } = await explain(by, id);
    if (body.stated == null) throw new Error(text);
    return body.stated.recipients;
  };
  const contact = async (member: string): Promise<SignedIn> => {
    const officer = scene.as(member, "officer");
    const person = await addPerson(officer, "not for others");
    await publish(officer, person);
    return await signInAs(officer, person, scene.withKey);
  };

  describe("explain", () => {
    it("tells by a dry run what it tells afterwards, of every recipient that the submitter may know of", async () => {
      const title = `Outage at ${freshHost("explained")}`;
      const narrative = "Reported by tan.ah.kow@victim.example.sg";
      const report = JSON.stringify({ title, narrative, severity: "high" });
      const query = "?format=incident&tlp=amber&to=MY,TH";
      const dry = await scene
        .as("SG")
        .raw(`/v1/submissions${query}&dryRun=true`, report, { "content-type": JSON_TYPE });
      await submitAndWait(scene.as("SG"), query, report, JSON_TYPE);
      const { object } = await itemWith(scene.as("SG"), title);
      const foretold = new Map<string, string>();
      const incident = dry.body.decisions.find(({ objects }: any) => objects.includes(object.id));
      for (const { organisations, decision, reasons } of incident.recipients) {
        expect(reasons.every(({ rule }: any) => rule !== "")).toBe(true);
        for (const code of organisations) foretold.set(code, decision);
      }
      const lines = await linesOf(scene.as("SG"), object.id);
      expect(new Map(lines.map((one) => [one.organisation, one.now.decision]))).toEqual(foretold);
      expect([foretold.get("MY"), foretold.get("CN"), foretold.get("SG")]).toEqual([
        "approve",
        "withhold",
        "allow",
      ]);
      for (const text of [dry.text, JSON.stringify(lines)]) expect(text).not.toMatch(/MY:|CN:e|TH:/);
      expect(dry.body.guide.map(({ verified }: any) => verified)).toContain(false);
    });

    it("warns by a dry run that a CVE number alone is taken for published, which a label denies", async () => {
      const number = `CVE-2026-${Math.floor(10_000 + Math.random() * 89_999)}`;
      const dry = async (labels?: string[]) => {
        const at = "2026-11-01T00:00:00.000Z";
        const id = `vulnerability--${crypto.randomUUID()}`;
        const said = {
          type: "vulnerability",
          spec_version: "2.1",
          id,
          created: at,
          modified: at,
          name: number,
        };
        const bundle = bundleOf({ ...said, ...(labels && { labels }) });
        const { body } = await scene
          .as("CN")
          .raw("/v1/submissions?format=stix&tlp=clear&dryRun=true", bundle, { "content-type": JSON_TYPE });
        const lines = body.decisions.find(({ objects }: any) => objects.includes(id)).recipients;
        const line = lines.find(({ organisations }: any) => organisations.includes("SG"));
        return { id, warnings: body.warnings, line };
      };
      const published = await dry();
      expect(published.line.decision).toBe("allow");
      expect(published.warnings).toEqual([
        { code: "cve-taken-as-published", objects: [published.id], objectsInAll: 1 },
      ]);
      const reserved = await dry(["undisclosed"]);
      expect(reserved.line.decision).toBe("withhold");
      expect(reserved.line.reasons.map(({ rule }: any) => rule)).toContain(
        "pairs/CN-*.json@1#cn.vuln-undisclosed",
      );
      expect(reserved.warnings).toEqual([]);
    });

    it("tells an originator every line, a receiver its own, and everybody else nothing", async () => {
      const host = freshHost("explained");
      await submitAndWait(scene.as("CN"), "?tlp=amber&to=SG", `value\n${host}\n`, CSV);
      const { object } = await itemWith(scene.as("SG"), host);
      const lines = await linesOf(scene.as("CN"), object.id);
      const line = (code: string) => lines.find(({ organisation }) => organisation === code);
      expect(line("SG")).toMatchObject({
        state: "released",
        differs: false,
        entry: { id: object.id, kind: "released" },
        now: { decision: "allow", obligations: ["no-reidentification"] },
        kept: { decision: "allow", approved: null },
        agencies: { decision: "allow" },
      });
      expect(line("MY")).toMatchObject({ state: "not-sent", entry: null, now: { decision: "withhold" } });
      expect(line("MY").now.reasons.map(({ code }: any) => code)).toContain("not-in-audience");
      const { body, text } = await explain(scene.as("SG", "subscriber"), object.id);
      expect(body).toMatchObject({
        stated: null,
        sentRed: [],
        received: [
          {
            producer: "CN",
            organisation: "SG",
            state: "released",
            decision: { decision: "allow", obligations: ["no-reidentification"], bases: [{ pair: "CN>SG" }] },
            policy: { pair: "CN-SG", version: 1, standing: "shipped", page: "/policies/CN-SG" },
          },
        ],
      });
      expect(text).not.toContain("MY");
      const shape = ({ status, body: { code } }: any) => [status, code];
      const nothing = shape(
        await explain(scene.as("MY"), "domain-name--00000000-0000-4000-8000-000000000000"),
      );
      expect(shape(await explain(scene.as("MY"), object.id))).toEqual(nothing);
      expect(shape(await explain(scene.as("SG"), object.id, "&member=CN"))).toEqual(nothing);
      expect(shape(await explain(scene.operator(), object.id))).toEqual([403, "forbidden"]);
    });

    it("says of TLP:RED to its sender to whom it went, in a session of the sender's, and nothing to anybody else", async () => {
      const [to, sender, colleague] = [await contact("MY"), await contact("SG"), await contact("SG")];
      const indicator = indicatorOf(freshHost("red-explained")) as { id: string };
      await submitAndWait(sender.api, redTo(to.person), bundleOf(indicator), JSON_TYPE);
      const { body } = await explain(sender.api, indicator.id);
      expect(body).toMatchObject({ stated: null, received: [] });
      expect(body.sentRed).toMatchObject([{ to: [{ person: to.person, organisation: "MY" }] }]);
      expect((await explain(sender.api, indicator.id, "&member=MY")).body.sentRed).toHaveLength(1);
      expect((await explain(sender.api, indicator.id, "&member=TH")).status).toBe(404);
      for (const other of [to.api, colleague.api, scene.as("SG"), scene.as("SG", "officer"), scene.as("MY")])
        expect((await explain(other, indicator.id)).status).toBe(404);
    });

    it("shows the policy of a pair and its clauses, as data and as a page for anybody", async () => {
      const { body } = await scene.as("TL").get("/v1/policies/CN-SG/guide");
      expect(body).toMatchObject({ pair: "CN-SG", page: "/policies/CN-SG", file: "pairs/CN-SG.json@1" });
      expect(
        body.rules.every(({ guide }: any) => body.entries.some(({ entry }: any) => entry.id === guide)),
      ).toBe(true);
      expect(body.unverified).toBe(body.entries.filter(({ entry }: any) => !entry.verified).length);
      const page = await scene.withKey(undefined).get("/policies/CN-SG");
      expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(page.headers.get("content-security-policy")).toMatch(
        /^default-src 'none'; style-src 'self';(?!.*script)/,
      );
      for (const { rule } of body.rules) expect(page.text).toContain(rule.id);
      expect(Buffer.byteLength(page.text)).toBeLessThan(30_000);
      const index = await scene.withKey(undefined).get("/policies");
      expect(index.text.split('href="/policies/').length - 1).toBe(144);
      expect((await scene.withKey(undefined).get("/policies/CN-CN")).status).toBe(404);
    });
  });
}
