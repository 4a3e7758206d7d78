import { describe, expect, it } from "vitest";
import { submitAndWait, until } from "../../support/api.ts";
import { bundleOf } from "../../support/bundle-of.ts";
import { freshHost, itemWith, knowsNothingOf, type Scene } from "../scene.ts";

const JSON_TYPE = "application/json";
const AT = "2026-01-05T08:00:00.000Z";

function stix(type: string, more: Record<string, unknown>) {
  return {
    type,
    spec_version: "2.1",
    id: `${type}--${crypto.randomUUID()}`,
    created: AT,
    modified: AT,
    ...more,
  };
}

export function victimCases(scene: Scene): void {
  describe("victims", () => {
    it("are found out by a later submission: what is out is closed, and what comes after goes without them", async () => {
      const [sg, my] = [scene.as("SG"), scene.as("MY")];
      const [value, word] = ["203.0.113.201", freshHost("kestrel").split(".")[0]];
      const malware = stix("malware", { name: `dropper ${word}`, is_family: false });
      const address = {
        type: "ipv4-addr",
        spec_version: "2.1",
        id: `ipv4-addr--${crypto.randomUUID()}`,
        value,
      };
      const note = (content: string) => stix("note", { content, object_refs: [malware.id] });
      const early = note(`${word} beacons from ${value}`);
      await submitAndWait(sg, "?tlp=green", bundleOf(malware, address, early), JSON_TYPE);
      await itemWith(my, `${word} beacons from ${value}`);
      const tie = stix("relationship", {
        relationship_type: "targets",
        source_ref: malware.id,
        target_ref: address.id,
      });
      await submitAndWait(sg, "?tlp=green", bundleOf(tie), JSON_TYPE);
      await until(30_000, "nobody else knows the address", async () =>
        (await knowsNothingOf(my, value)) ? true : undefined,
      );
      await itemWith(my, `${word} beacons from [ip address removed]`);
      const late = note(`${word} is cleaned, ${value}`);
      const dry = await sg.raw("/v1/submissions?tlp=green&dryRun=true", bundleOf(late), {
        "content-type": JSON_TYPE,
      });
      expect(JSON.stringify(dry.body.decisions), dry.text).toContain("victimIp");
      await submitAndWait(sg, "?tlp=green", bundleOf(late), JSON_TYPE);
      await itemWith(my, `${word} is cleaned, [ip address removed]`);
      expect(await knowsNothingOf(my, value)).toBe(true);
      expect(await knowsNothingOf(sg, value)).toBe(false);
    });
  });
}
