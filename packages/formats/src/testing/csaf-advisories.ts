import type { StixObject } from "@suar/stix";
import fc from "fast-check";
import type { ExportItem } from "../write/writer.ts";

type Json = Record<string, unknown>;

/** Advisories as vendors write them: each field that CSAF has, now and then; valid by the schema and the mandatory tests. */
export function csafAdvisories(): fc.Arbitrary<Json> {
  return fc
    .record({
      isNew: fc.boolean(),
      products: fc.integer({ min: 2, max: 5 }),
      flaws: fc.integer({ min: 1, max: 3 }),
    })
    .chain(({ isNew, products, flaws }) => {
      const ids = Array.from({ length: products }, (_, n) => `CSAFPID-${n}`);
      return fc.record({
        ...(isNew && { $schema: fc.constant("https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json") }),
        document: documents(isNew),
        product_tree: fc.constant(treeOf(ids, isNew)),
        vulnerabilities: fc.tuple(...Array.from({ length: flaws }, (_, n) => flaw(n, ids, isNew))),
      });
    });
}

const words = fc
  .array(fc.constantFrom("router", "überlauf", "路由器", "<b>", "10.0.0.1", "a@b.example", '"x"'), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join(" "));
const url = fc.constantFrom("https://example.com/a?b=c#d", "https://example.org/%C3%BC");
const optional = (of: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Json> =>
  fc.record(of, { requiredKeys: [] }).map((one) => ({ ...one }));
const filled = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { minLength: 1, maxLength: 2 });

const references = filled(fc.record({ category: fc.constantFrom("external", "self"), summary: words, url }));
const notes = fc
  .tuple(
    fc.record({ category: fc.constantFrom("description", "details", "general", "summary"), text: words }),
    fc.array(
      fc.record(
        {
          category: fc.constantFrom("faq", "legal_disclaimer", "other"),
          text: words,
          title: words,
          audience: words,
        },
        { requiredKeys: ["category", "text"] },
      ),
      { maxLength: 2 },
    ),
  )
  .map(([first, others]) => [first, ...others]);
const thanks = filled(
  fc.record(
    { summary: words, organization: words, names: filled(words), urls: filled(url) },
    { requiredKeys: ["summary"] },
  ),
);

function documents(isNew: boolean): fc.Arbitrary<Json> {
  const label = fc.constantFrom(...(isNew ? ["CLEAR", "AMBER+STRICT"] : ["WHITE"]), "GREEN", "AMBER");
  const publisher = fc.record(
    {
      category: fc.constantFrom("vendor", "coordinator", "discoverer"),
      name: words,
      namespace: fc.constant("https://example.com"),
      contact_details: words,
      issuing_authority: words,
    },
    { requiredKeys: ["category", "name", "namespace"] },
  );
  const distribution = fc.record({ tlp: fc.record({ label }), text: words }, { requiredKeys: ["tlp"] });
  return fc
    .tuple(
      fc.record({ title: words, publisher, notes, references, distribution, tracking: tracking() }),
      optional({
        lang: fc.constantFrom("en", "zh-CN"),
        acknowledgments: thanks,
        aggregate_severity: fc.record({ text: words, namespace: url }, { requiredKeys: ["text"] }),
        ...(isNew && { license_expression: fc.constant("CC-BY-4.0") }),
      }),
    )
    .map(([needed, more]) => ({
      category: "csaf_security_advisory",
      csaf_version: isNew ? "2.1" : "2.0",
      ...needed,
      ...more,
    }));
}

function tracking(): fc.Arbitrary<Json> {
  const more = optional({
    aliases: fc.constant(["ALIAS-1"]),
    generator: fc.constant({ engine: { name: "Tool", version: "1" }, date: "2026-01-01T00:00:00Z" }),
  });
  return fc.tuple(fc.integer({ min: 1, max: 4 }), words, more).map(([versions, summary, rest]) => {
    const history = Array.from({ length: versions }, (_, n) => ({
      date: `2026-01-0${n + 1}T08:00:00+08:00`,
      number: String(n + 1),
      summary,
    }));
    return {
      id: "EX-2026-1",
      status: "final",
      version: String(versions),
      initial_release_date: history[0]?.date,
      current_release_date: history.at(-1)?.date,
      revision_history: history,
      ...rest,
    };
  });
}

function treeOf(ids: readonly string[], isNew: boolean): Json {
  const [first = "", second = ""] = ids;
  const purl = "pkg:generic/example/router@1.0";
  const helper = {
    cpe: "cpe:2.3:o:example:router:1.0:*:*:*:*:*:*:*",
    ...(isNew ? { purls: [purl, `${purl}-a`] } : { purl }),
    serial_numbers: ["A-1"],
    hashes: [{ filename: "a.bin", file_hashes: [{ algorithm: "sha256", value: "ab".repeat(32) }] }],
    x_generic_uris: [{ namespace: "https://example.com/ns", uri: "urn:example:1" }],
  };
  const versions = ids.slice(0, -1).map((product_id, n) => ({
    category: "product_version",
    name: `${n}`,
    product: { name: `Router ${n}`, product_id, ...(n === 0 && { product_identification_helper: helper }) },
  }));
  return {
    branches: [
      {
        category: "vendor",
        name: "Example",
        branches: [{ category: "product_name", name: "Router", branches: versions }],
      },
    ],
    full_product_names: [{ name: "Box", product_id: ids.at(-1) }],
    product_groups: [{ group_id: "CSAFGID-1", product_ids: [first, second], summary: "Both" }],
    relationships: [
      {
        category: "installed_on",
        product_reference: first,
        relates_to_product_reference: ids.at(-1),
        full_product_name: { name: "Router on Box", product_id: "CSAFPID-R" },
      },
    ],
  };
}

const CVSS_3 = {
  version: "3.1",
  vectorString: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
  baseScore: 9.8,
  baseSeverity: "CRITICAL",
};

function flaw(n: number, ids: readonly string[], isNew: boolean): fc.Arbitrary<Json> {
  const [first = "", second = ""] = ids;
  const time = fc.constantFrom("2026-01-01T00:00:00Z", "2026-01-01T08:00:00.123+08:00");
  const about = { product_ids: [first] };
  const weakness = {
    id: "CWE-79",
    name: "Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')",
  };
  const remediation = fc.record(
    {
      category: fc.constantFrom("vendor_fix", "mitigation", "workaround"),
      details: words,
      url,
      date: time,
    },
    { requiredKeys: ["category", "details"] },
  );
  const score: Record<string, fc.Arbitrary<unknown>> = isNew
    ? { metrics: fc.constant([{ products: [first], content: { cvss_v3: CVSS_3 } }]) }
    : { scores: fc.constant([{ products: [first], cvss_v3: CVSS_3 }]) };
  return fc
    .tuple(
      notes,
      optional({
        title: words,
        ids: fc.constant([{ system_name: "Example", text: `BUG-${n}` }]),
        discovery_date: time,
        references,
        acknowledgments: thanks,
        ...(isNew
          ? { cwes: fc.constant([{ ...weakness, version: "4.13" }]) }
          : { cwe: fc.constant(weakness) }),
        ...score,
        threats: fc
          .record({ details: words })
          .map((one) => [{ category: "impact", ...one, group_ids: ["CSAFGID-1"] }]),
        flags: fc.constant([{ label: "component_not_present", product_ids: [second] }]),
        involvements: fc.constant([{ party: "vendor", status: "completed", summary: "Done" }]),
        remediations: filled(remediation).map((all) => all.map((one) => ({ ...one, ...about }))),
      }),
    )
    .map(([told, more]) => ({
      cve: `CVE-2026-000${n}`,
      notes: told,
      product_status: {
        known_affected: [first, "CSAFPID-R"],
        ...(ids.length > 2 && { known_not_affected: [second] }),
      },
      ...more,
    }));
}

const ID = (type: string, n: number): string =>
  `${type}--5b0f2a7e-9d44-4c6b-8a1e-${String(n).padStart(12, "0")}`;

/** A report that was no CSAF: a vulnerability, the software that has it, what to do. */
export function productStatement(): ExportItem[] {
  const [report, flawed, software, fixed, action, identity] = [
    ID("report", 1),
    ID("vulnerability", 2),
    ID("software", 3),
    ID("software", 4),
    ID("course-of-action", 5),
    ID("identity", 6),
  ] as const;
  const related = (n: number, relationship_type: string, source_ref: string): Json => ({
    id: ID("relationship", n),
    relationship_type,
    source_ref,
    target_ref: flawed,
  });
  const objects: Json[] = [
    {
      id: report,
      name: "Routers are attacked",
      description: "Of one maker.",
      created_by_ref: identity,
      object_refs: [flawed, software],
      external_references: [{ source_name: "press", url: "https://example.org/news" }],
    },
    {
      id: flawed,
      name: "CVE-2026-0003",
      description: "A long name overflows.",
      external_references: [
        { source_name: "cve", external_id: "CVE-2026-0003" },
        { source_name: "cwe", external_id: "CWE-120" },
        { source_name: "Example", external_id: "BUG-9" },
      ],
    },
    {
      id: software,
      name: "Router",
      vendor: "Example",
      version: "1.0",
      cpe: "cpe:2.3:o:example:router:1.0:*:*:*:*:*:*:*",
    },
    { id: fixed, name: "Router", vendor: "Example", version: "1.1" },
    { id: action, name: "Update", description: "Update to 1.1" },
    { id: identity, name: "Thai CERT", identity_class: "organization" },
    related(7, "has", software),
    related(8, "fixes", fixed),
    related(9, "mitigates", action),
    { id: ID("note", 10), abstract: "Seen", content: "In two ministries.", object_refs: [flawed] },
  ];
  return objects.map((one, at) => {
    const type = String(one.id).replace(/--.*/, "");
    const times = { created: "2026-02-01T00:00:00.000Z", modified: "2026-02-02T00:00:00.000Z" };
    const object = { type, spec_version: "2.1", ...times, ...one } as unknown as StixObject;
    const known = { tlp: "green", pap: undefined, producer: "TH" } as const;
    return {
      object,
      body: JSON.stringify(object),
      ...known,
      seq: 100 - at,
      at: "2026-05-01T00:00:00.000001Z",
    };
  });
}
