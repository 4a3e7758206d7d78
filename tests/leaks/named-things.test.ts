import { scoId } from "@suar/stix";
import { describe, expect, test } from "vitest";
import { submitAndWait } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import { address, newId, report, type Stated, thing, tie, useStatements } from "./statements.ts";

/**
 * An object that goes further than what it names does not name it to those from whom that is withheld: ids of
 * observables are worked out from their values, so that whoever reads one can guess the value (DESIGN 1.3).
 */
const scene = useStatements();

const STRICT = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"; // TLP:AMBER+STRICT
const GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"; // TLP:GREEN

describe("an object that names what is withheld", () => {
  test("goes whole to those who have that, and to others as an object of its own that does not name it", async () => {
    const [narrow, wide] = [address(), address()];
    await scene.said.state("SG", "?tlp=amber%2Bstrict&to=MY", narrow);
    await scene.said.state("SG", "?tlp=green", wide);
    const about = report([narrow.id, wide.id]);
    expect(await scene.said.foretold("?tlp=green", about)).toEqual({ SG: 0, MY: 0, TH: 1, CN: 1, VN: 1 });
    await scene.said.state("SG", "?tlp=green", about);
    expect(await scene.said.reached(about.id)).toEqual(["SG", "MY"]);
    const copies = await Promise.all(
      ["TH", "CN", "VN"].map(async (member) => await scene.said.named(member, about.name)),
    );
    const ids = copies.flat().map(({ object }) => object.id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect(copies[1]?.[0].object).toMatchObject({ type: "report", object_refs: [wide.id] });
    for (const member of ["TH", "CN", "VN"]) {
      const text = await scene.said.text(member);
      expect(text).not.toContain(narrow.id);
      expect(text).not.toContain(about.id);
    }
  });

  test("of one MISP event with attributes of two markings, too", async () => {
    const attribute = (uuid: string, value: string, tags: string[]) => ({
      uuid: `00000000-0000-4000-9000-00000000000${uuid}`,
      type: "ip-dst",
      category: "Network activity",
      to_ids: false,
      value,
      Tag: tags.map((name) => ({ name })),
    });
    const event = {
      Event: {
        uuid: "00000000-0000-4000-9000-000000000001",
        info: "an event of two markings",
        date: "2026-05-01",
        Tag: [{ name: "tlp:green" }],
        Attribute: [attribute("2", "203.0.113.98", ["tlp:amber+strict"]), attribute("3", "203.0.113.99", [])],
      },
    };
    const done = await submitAndWait(
      scene.said.as("SG"),
      "?format=misp",
      JSON.stringify(event),
      "application/json",
    );
    expect(done.body.counts, done.text).toMatchObject({ rejected: 0 });
    const hidden = scoId({ type: "ipv4-addr", value: "203.0.113.98" });
    const shown = scoId({ type: "ipv4-addr", value: "203.0.113.99" });
    expect(await scene.said.text("SG")).toContain(hidden);
    const text = await scene.said.text("CN");
    expect(text).toContain(shown);
    expect(text).not.toContain(hidden);
    expect(await scene.said.named("CN", event.Event.info)).toHaveLength(1);
  });

  test("is about its author, where a report loses all that it names; other objects say nothing then", async () => {
    const narrow = address();
    const creator = newId("identity");
    const about = report([narrow.id], { created_by_ref: creator });
    const note = thing("note", { content: "of it", object_refs: [narrow.id] });
    const nobodys = report([narrow.id]);
    await scene.said.state("SG", "?tlp=amber%2Bstrict&to=MY", narrow);
    await scene.said.state("SG", "?tlp=green", about, note, nobodys);
    const [copy] = await scene.said.named("CN", about.name);
    expect(copy.object.object_refs).toEqual([creator]);
    expect(await scene.said.named("CN", note.name)).toEqual([]);
    // Where it says no author, that is the organisation that states it.
    const [unsigned] = await scene.said.named("CN", nobodys.name);
    expect(unsigned.object.object_refs).toEqual([expect.stringMatching(/^identity--/)]);
    const [whole] = await scene.said.named("MY", nobodys.name);
    expect(whole.object.object_refs).toEqual([narrow.id]);
  });

  test("is named by others as the copy that each reader has", async () => {
    const narrow = address();
    const wide = address();
    const about = report([narrow.id, wide.id]);
    const note = thing("note", { name: undefined, content: "of the report", object_refs: [about.id] });
    const relationship = tie(about.id, wide.id);
    await scene.said.state("SG", "?tlp=amber%2Bstrict&to=MY", narrow);
    await scene.said.state("SG", "?tlp=green", wide);
    await scene.said.state("SG", "?tlp=green", about);
    await scene.said.state("SG", "?tlp=green", note);
    await scene.said.state("SG", "?tlp=green", relationship);
    const log = await scene.said.log("VN");
    const copy = log.find(({ object }) => object.name === about.name).object;
    expect(copy.id).not.toBe(about.id);
    expect(log.find(({ object }) => object.content === note.content).object.object_refs).toEqual([copy.id]);
    const tied = log.find(({ object }) => object.source_ref === copy.id);
    expect(tied.object.target_ref).toBe(wide.id);
    expect(await scene.said.reached(relationship.id)).toEqual(["SG", "MY"]);
    // Whom SG gave the copy is not VN's to learn: what VN says of it goes to the two of them.
    const answer = thing("note", { name: undefined, content: "an answer", object_refs: [copy.id] });
    const type = { "content-type": "application/stix+json;version=2.1" };
    const asked = await scene.said
      .as("VN")
      .raw("/v1/submissions?tlp=green&dryRun=true", bundleOf(answer), type);
    const told = asked.body.recipients.map(({ organisation }: { organisation: string }) => organisation);
    expect(told.sort()).toEqual(["SG", "VN"]);
    await scene.said.state("VN", "?tlp=green", answer);
    expect(await scene.said.reached(answer.id)).toEqual(["SG", "VN"]);
  });

  test("in whatever order and number its objects come", async () => {
    const secrets = Array.from({ length: 40 }, () => address({ object_marking_refs: [STRICT] }));
    const domains = Array.from({ length: 1_300 }, (_, n): Stated => {
      const value = `d${n}.named.example`;
      const target = secrets[n % secrets.length]?.id ?? "";
      const id = scoId({ type: "domain-name", value });
      return { type: "domain-name", spec_version: "2.1", id, value, resolves_to_refs: [target] };
    });
    // Two that name each other, and one that names itself through them.
    const first = thing("grouping", { context: "unspecified" });
    const second = thing("grouping", { context: "unspecified", object_refs: [first.id] });
    first.object_refs = [second.id, domains[0]?.id];
    const whole = thing("grouping", { context: "unspecified" });
    const other = thing("grouping", { context: "unspecified", object_refs: [whole.id] });
    whole.object_refs = [other.id];
    await scene.said.state("SG", "?tlp=green", ...domains, first, second, whole, other, ...secrets);
    const log = await scene.said.log("CN");
    const text = JSON.stringify(log);
    expect(secrets.filter(({ id }) => text.includes(id))).toEqual([]);
    const values = new Set(log.map(({ object }) => object.value));
    expect(domains.filter(({ value }) => !values.has(value))).toEqual([]);
    expect(text).not.toContain(first.id);
    expect(text).toContain(whole.id);
    expect(text).toContain(other.id);
  });

  test("does not name what was refused either", async () => {
    const broken = { ...address({ object_marking_refs: [STRICT] }), resolves_to_refs: "nothing" };
    const unknown = address({ labels: ["tlp:violet"] });
    const good = address({ object_marking_refs: [GREEN] });
    const about = report([broken.id, unknown.id, good.id], { object_marking_refs: [GREEN] });
    const counts = await scene.said.counted("SG", "?", broken, unknown, good, about);
    expect(counts).toMatchObject({ accepted: 2, rejected: 2 });
    const [copy] = await scene.said.named("CN", about.name);
    expect(copy.object.object_refs).toEqual([good.id]);
    const [own] = await scene.said.named("SG", about.name);
    expect(own.object).toMatchObject({ id: about.id, object_refs: about.object_refs });
  });
});

describe("whom another addressed", () => {
  test("is not told where it is those who came first", async () => {
    const about = thing();
    await scene.said.state("BN", "?tlp=amber%2Bstrict&to=CN,ID", about);
    const note = thing("note", { content: "about theirs", object_refs: [about.id] });
    const type = { "content-type": "application/stix+json;version=2.1" };
    for (const member of ["CN", "ID"]) {
      const query = "/v1/submissions?tlp=green&dryRun=true";
      const { body } = await scene.said.as(member).raw(query, bundleOf(note), type);
      const told = body.recipients.map(({ organisation }: { organisation: string }) => organisation);
      expect(told.sort()).toEqual(["BN", member]);
    }
  });
});

describe("what is hidden", () => {
  test("is hidden in capitals, in odd places, and where the newer statement of it is refused", async () => {
    const narrow = address();
    await scene.said.state("SG", "?tlp=amber%2Bstrict&to=MY", narrow);
    const capitals = narrow.id.replace(/--.*/, (uuid) => uuid.toUpperCase());
    const odd = [
      report([capitals, newId("malware")]),
      thing("malware", { is_family: false, x_found_refs: [{ x_at_ref: narrow.id }] }),
      thing("malware", { is_family: false, x_seen: { [narrow.id]: "today" } }),
      thing("malware", {
        is_family: false,
        external_references: [{ source_name: "s", external_id: narrow.id }],
      }),
    ];
    const again = thing("malware", { is_family: false });
    await scene.said.state("SG", "?tlp=amber%2Bstrict&to=MY", again);
    const naming = report([again.id, newId("malware")]);
    const counts = await scene.said.counted("SG", "?tlp=green", ...odd, naming, again);
    expect(counts).toMatchObject({ accepted: 5, rejected: 1 });
    const text = (await scene.said.text("CN")).toLowerCase();
    expect(text).not.toContain(narrow.id);
    expect(text).not.toContain(again.id);
    expect(await scene.said.named("CN", naming.name)).toHaveLength(1);
  });

  test("of a MISP object with attributes of several markings is what the strictest says", async () => {
    const attribute = (type: string, value: string, tags: string[]) => ({
      uuid: crypto.randomUUID(),
      type,
      object_relation: type,
      category: "Payload delivery",
      to_ids: false,
      value,
      Tag: tags.map((name) => ({ name })),
      ...(tags.includes("tlp:amber+strict") && {
        Galaxy: [{ type: "threat-actor", GalaxyCluster: [{ type: "threat-actor", value: "Hidden Bear" }] }],
      }),
    });
    const file = [
      attribute("filename", "seen.exe", ["tlp:green"]),
      attribute("sha256", "ab".repeat(32), ["tlp:amber+strict"]),
    ];
    const single = {
      ...attribute("ip-dst", "203.0.113.7", ["tlp:amber+strict"]),
      object_relation: undefined,
    };
    const event = {
      uuid: crypto.randomUUID(),
      info: "a file of two markings",
      date: "2026-05-01",
      Tag: [{ name: "tlp:green" }],
      Attribute: [single, { ...attribute("domain", "open.example", []), object_relation: undefined }],
      Object: [{ uuid: crypto.randomUUID(), name: "file", "meta-category": "file", Attribute: file }],
    };
    const body = JSON.stringify({ Event: event });
    const done = await submitAndWait(scene.said.as("SG"), "?format=misp", body, "application/json");
    expect(done.body.counts, done.text).toMatchObject({ rejected: 0 });
    const own = await scene.said.text("SG");
    const text = await scene.said.text("CN");
    for (const secret of ["ab".repeat(32), "seen.exe", "Hidden Bear", "203.0.113.7"]) {
      expect(own).toContain(secret);
      expect(text).not.toContain(secret);
    }
    expect(text).toContain("open.example");
  });
});

describe("a redacted copy", () => {
  test("keeps its id in newer versions, becomes the whole when all is shared, and is withdrawn with it", async () => {
    const narrow = address();
    const wide = address();
    await scene.said.state("SG", "?tlp=amber%2Bstrict&to=MY", narrow);
    const about = report([narrow.id, wide.id]);
    await scene.said.state("SG", "?tlp=green", wide, about);
    const newer = { ...about, modified: "2026-05-02T00:00:00.000Z", description: "newer" };
    await scene.said.state("SG", "?tlp=green", newer);
    const copies = await scene.said.named("CN", about.name);
    expect(copies.map(({ object }) => object.description)).toEqual([undefined, "newer"]);
    expect(new Set(copies.map(({ object }) => object.id)).size).toBe(1);
    expect(await scene.said.counted("SG", "?tlp=green", newer)).toMatchObject({ unchanged: 1 });
    expect(await scene.said.named("CN", about.name)).toHaveLength(2);

    await scene.said.counted("SG", "?tlp=amber%2Bstrict&to=MY,CN", narrow);
    expect(await scene.said.counted("SG", "?tlp=green", newer)).toMatchObject({ accepted: 1 });
    expect(await scene.said.reached(about.id)).toEqual(["SG", "MY", "CN"]);
    expect((await scene.said.named("CN", about.name)).at(-1).object).toMatchObject(newer);
    expect(await scene.said.named("VN", about.name)).toHaveLength(2);

    const answer = await scene.said.as("SG").post(`/v1/objects/${about.id}/withdraw`);
    expect(answer.status, answer.text).toBe(200);
    const copyId = copies[0].object.id;
    for (const [member, ids] of [
      ["MY", [about.id]],
      ["CN", [about.id, copyId]],
      ["VN", [copyId]],
    ] as const) {
      const log = await scene.said.log(member);
      const withdrawn = log.filter(({ kind }) => kind === "withdrawn").map(({ object }) => object.id);
      const ours = withdrawn.filter((id) => id === about.id || id === copyId);
      expect([...new Set(ours)].sort(), member).toEqual([...ids].sort());
      expect(JSON.stringify(log), member).not.toContain(about.name);
    }
  });
});
