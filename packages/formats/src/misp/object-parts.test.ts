import { describe, expect, it } from "vitest";
import { objectsOf, valuesOf } from "../testing/collect-drafts.ts";
import { readMispObject as read, type Said } from "../testing/read-misp-object.ts";

describe("what an object does not hold by itself", () => {
  it("is looked for by each value that is for detection", async () => {
    const collected = await read("ip-port", [
      ["ip", "ip-dst", "192.0.2.1", { to_ids: true }],
      ["dst-port", "port", "8443"],
    ]);
    expect(valuesOf(collected)).toEqual(["ipv4 192.0.2.1"]);
    expect(objectsOf(collected, "network-traffic")).toMatchObject([{ dst_port: 8443, protocols: ["ipv4"] }]);
  });

  it("stands for itself where the object lacks what its counterpart needs", async () => {
    const collected = await read("email", [["url", "url", "http://example.com/a"]]);
    expect(valuesOf(collected)).toEqual(["url http://example.com/a"]);
    expect(objectsOf(collected, "email-message")).toEqual([]);
  });

  it.each<[string, Said[], string]>([
    [
      "a field of no counterpart",
      [
        ["message-id", "email-message-id", "<1>"],
        ["screenshot", "attachment", "a.png"],
      ],
      "attachment",
    ],
    [
      "a second of what there is one of",
      [
        ["subject", "email-subject", "A"],
        ["subject", "email-subject", "B"],
      ],
      "email.subject",
    ],
    [
      "what is no value of its kind",
      [
        ["subject", "email-subject", "A"],
        ["from", "email-src", "nobody"],
      ],
      "email.from",
    ],
  ])("is told by its name: %s", async (_name, said, field) => {
    const collected = await read("email", said);
    expect(objectsOf(collected, "email-message")).toHaveLength(1);
    expect(collected.losses.map((loss) => loss.field)).toContain(field);
  });

  it("has words of closed vocabularies, or loses them", async () => {
    const key: Said = ["key", "regkey", "HKLM\\x"];
    const right = await read("registry-key", [key, ["data-type", "text", "REG_QWORD_LITTLE_ENDIAN"]]);
    expect(objectsOf(right, "windows-registry-key")).toMatchObject([
      { values: [{ data_type: "REG_QWORD" }] },
    ]);
    const wrong = await read("registry-key", [key, ["data-type", "text", "REG_ODD"]]);
    expect(wrong.losses.map(({ field }) => field)).toContain("registry-key.data-type");
  });

  it("was seen at its times, as an observable", async () => {
    const collected = await read("mutex", [["name", "mutex", "x"]], {
      first_seen: "2026-01-01T00:00:00+00:00",
      last_seen: "2026-01-02T00:00:00+00:00",
    });
    const [mutex] = collected.drafts;
    expect(objectsOf(collected, "observed-data")).toMatchObject([
      {
        first_observed: "2026-01-01T00:00:00.000Z",
        last_observed: "2026-01-02T00:00:00.000Z",
        object_refs: [mutex?.local],
      },
    ]);
  });
});
