/**
 * What CSAF 2.0 and 2.1 know of, as data: the fields of both, so that a document keeps what is CSAF and nothing else.
 * People's names (`names` of an acknowledgment, contacts), what wrote the file and how it is shared are not among them.
 */
export type Shape = "text" | "date" | "uri" | "any" | readonly [Shape] | (() => Shape) | ShapeFields;
export type ShapeFields = { readonly [name: string]: Shape };

function texts(names: string): ShapeFields {
  return Object.fromEntries(names.split(" ").map((name) => [name, "text"]));
}

const TEXTS: Shape = ["text"];
const ABOUT = { group_ids: TEXTS, product_ids: TEXTS };
const REFERENCES: Shape = [{ ...texts("category summary"), url: "uri" }];
const NOTES: Shape = [{ ...texts("category title text audience"), ...ABOUT }];
const THANKS: Shape = [{ ...texts("organization summary"), urls: ["uri"] }];

const TRACKING: ShapeFields = {
  ...texts("id status version"),
  aliases: TEXTS,
  current_release_date: "date",
  initial_release_date: "date",
  revision_history: [{ ...texts("number summary legacy_version"), date: "date" }],
};

/** §3.2.1 of CSAF 2.0. */
export const DOCUMENT: ShapeFields = {
  ...texts("category csaf_version lang license_expression source_lang title"),
  aggregate_severity: { text: "text", namespace: "uri" },
  acknowledgments: THANKS,
  notes: NOTES,
  publisher: { ...texts("category name issuing_authority"), namespace: "uri" },
  references: REFERENCES,
  tracking: TRACKING,
};

const PRODUCT: ShapeFields = {
  ...texts("name product_id"),
  product_identification_helper: {
    ...texts("cpe purl"),
    purls: TEXTS,
    model_numbers: TEXTS,
    sbom_urls: ["uri"],
    serial_numbers: TEXTS,
    skus: TEXTS,
    hashes: [{ filename: "text", file_hashes: [texts("algorithm value")] }],
    x_generic_uris: [{ namespace: "uri", uri: "uri" }],
  },
};

const BRANCH: ShapeFields = { ...texts("category name"), product: PRODUCT, branches: [() => BRANCH] };

/** §3.2.2. */
export const PRODUCT_TREE: ShapeFields = {
  branches: [BRANCH],
  full_product_names: [PRODUCT],
  product_groups: [{ ...texts("group_id summary"), product_ids: TEXTS }],
  relationships: [
    {
      ...texts("category product_reference relates_to_product_reference"),
      full_product_name: PRODUCT,
    },
  ],
};

const CVSS: ShapeFields = { cvss_v2: "any", cvss_v3: "any", cvss_v4: "any" };
const WEAKNESS = texts("id name version");

/** The lists of `product_status` (§3.2.3.9). */
export const STATUS_NAMES = [
  "known_affected",
  "first_affected",
  "last_affected",
  "known_not_affected",
  "fixed",
  "first_fixed",
  "recommended",
  "under_investigation",
  "unknown",
] as const;

/** §3.2.3. */
export const VULNERABILITY: ShapeFields = {
  ...texts("cve title"),
  acknowledgments: THANKS,
  cwe: WEAKNESS,
  cwes: [WEAKNESS],
  disclosure_date: "date",
  discovery_date: "date",
  release_date: "date",
  first_known_exploitation_dates: [{ date: "date", exploitation_date: "date", ...ABOUT }],
  flags: [{ label: "text", date: "date", ...ABOUT }],
  ids: [texts("system_name text")],
  involvements: [{ ...texts("party status summary"), date: "date", ...ABOUT }],
  metrics: [
    {
      products: TEXTS,
      source: "uri",
      content: { ...CVSS, epss: "any", ssvc_v1: "any", ssvc_v2: "any", qualitative_severity_rating: "text" },
    },
  ],
  notes: NOTES,
  product_status: Object.fromEntries(STATUS_NAMES.map((name) => [name, TEXTS])),
  references: REFERENCES,
  remediations: [
    {
      ...texts("category details"),
      date: "date",
      entitlements: TEXTS,
      restart_required: texts("category details"),
      url: "uri",
      ...ABOUT,
    },
  ],
  scores: [{ products: TEXTS, cvss_v2: "any", cvss_v3: "any" }],
  threats: [{ ...texts("category details"), date: "date", ...ABOUT }],
};
