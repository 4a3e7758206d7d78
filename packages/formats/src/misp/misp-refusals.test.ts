import { describe, expect, it } from "vitest";
import { collect } from "../testing/collect-drafts.ts";
import { attribute, event, uuid, withAttribute } from "../testing/misp-fixture.ts";
import { mispReader } from "./read-misp.ts";

describe("what the MISP reader refuses", () => {
  it("takes nothing of what stands under a TLP that nobody knows", async () => {
    const whole = await collect(
      mispReader,
      event({ Tag: [{ name: "tlp:ex:chr" }], Attribute: [attribute("domain", "example.com")] }),
    );
    expect([whole.drafts, whole.rejects.map(({ code }) => code)]).toEqual([[], ["unknown-marking"]]);
    const one = await collect(
      mispReader,
      withAttribute("domain", "example.com", { Tag: [{ name: "tlp:mauve" }] }),
    );
    expect(one.rejects.map(({ code }) => code)).toEqual(["unknown-marking", "empty-event"]);
  });

  it("makes one reject of a bad attribute", async () => {
    const Attribute = [attribute("ip-dst", "not an address"), "text", attribute("domain", "example.com")];
    const { rejects, drafts } = await collect(mispReader, event({ Attribute }));
    expect(rejects.map(({ code, at }) => [code, at])).toEqual([
      ["bad-value", "/Event/Attribute/0"],
      ["not-an-attribute", "/Event/Attribute/1"],
    ]);
    expect(drafts).toHaveLength(2);
  });

  it("rejects a number that would not stay the same", async () => {
    const Attribute = [attribute("text", "BIG"), attribute("ip-dst", "192.0.2.1")];
    const written = JSON.stringify(event({ Attribute }));
    const { rejects, drafts } = await collect(mispReader, written.replace('"BIG"', "12345678901234567890"));
    expect(rejects).toMatchObject([{ code: "not-an-attribute", at: "/Event/Attribute/0" }]);
    expect(JSON.stringify(drafts)).not.toMatch(/12345678901234567000|Infinity/);
  });

  it.each([
    ["nothing of MISP", "{}"],
    ["a list of nothing", "[]"],
  ])("refuses %s", async (_name, text) => {
    await expect(collect(mispReader, text)).rejects.toMatchObject({ code: "not-a-bundle" });
  });

  it("tells a thousand losses of an event and counts the rest", async () => {
    const Attribute = [attribute("ip-dst", "192.0.2.1"), ...Array(5_000).fill({ deleted: true })];
    const { losses, untold, drafts } = await collect(mispReader, event({ Attribute }));
    expect([losses.length, untold]).toEqual([1_000, 4_002]);
    expect(drafts.length).toBeGreaterThan(0);
  });

  it("does not repeat an object's whole name in the loss of each of its attributes", async () => {
    const name = "n".repeat(100_000);
    const Attribute = Array.from({ length: 50 }, (_, at) => attribute("nowhere-mapped", `v${at}`));
    const { losses } = await collect(mispReader, event({ Object: [{ name, uuid: uuid(), Attribute }] }));
    expect(losses.length).toBeGreaterThanOrEqual(50);
    expect(JSON.stringify(losses).length).toBeLessThan(50_000);
  });
});
