import { scoId } from "@suar/stix";
import { describe, expect, test } from "vitest";
import { submitAndWait } from "../support/api.ts";
import { address, newId, report, useStatements } from "./statements.ts";

/** What an earlier submission said, or tried to say, counts for what later ones name. */
const scene = useStatements();

describe("what was said before", () => {
  test("and was rejected is its producer's alone, also for later submissions", async () => {
    const broken = address({ x_Bad: true });
    expect(await scene.said.counted("SG", "?tlp=amber%2Bstrict", broken)).toMatchObject({ rejected: 1 });
    const about = report([broken.id, newId("malware")]);
    await scene.said.state("SG", "?tlp=green", about);
    expect(await scene.said.named("CN", about.name)).toHaveLength(1);
    expect(await scene.said.text("CN")).not.toContain(broken.id);
  });

  test("of a MISP event with other values is news, to each as far as it may know", async () => {
    const [event, first, second] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
    const send = async (to: string, one: string, two: string) => {
      const attributes = [
        { uuid: first, type: "ip-src", value: one, to_ids: false },
        { uuid: second, type: "domain|ip", value: `misp-update.example|${two}`, to_ids: false },
      ].map((attribute) => ({ category: "Network activity", timestamp: "1767225600", ...attribute }));
      const body = {
        Event: {
          uuid: event,
          info: "updated",
          date: "2026-01-01",
          timestamp: "1767225600",
          Attribute: attributes,
        },
      };
      const query = `?format=misp&tlp=amber%2Bstrict&to=${to}`;
      const done = await submitAndWait(scene.said.as("SG"), query, JSON.stringify(body), "application/json");
      expect(done.body.counts, done.text).toMatchObject({ rejected: 0 });
    };
    const idOf = (value: string): string => scoId({ type: "ipv4-addr", value });
    await send("MY", "203.0.113.150", "203.0.113.151");
    await send("MY,TH", "203.0.113.160", "203.0.113.161");
    const theirs = await scene.said.text("TH");
    for (const old of ["203.0.113.150", "203.0.113.151"]) expect(theirs).not.toContain(idOf(old));
    for (const value of ["203.0.113.160", "203.0.113.161"]) expect(theirs).toContain(idOf(value));
    const [latest] = (await scene.said.named("MY", "updated")).slice(-1);
    expect(latest.object.object_refs).toContain(idOf("203.0.113.160"));
    expect(latest.object.object_refs).not.toContain(idOf("203.0.113.150"));
  });
});
