import { isJsonRecord, type JsonRecord } from "../../json-value.ts";

const any = /[\s\S]/;
const oneOf = (words: string): RegExp => new RegExp(`^(?:${words.split(" ").join("|")})$`);
const UNPADDED = /^\S(?:.*\S)?$/;

/** What each record has to have to be one, by the name of the field or list that it stands in (JSON schema of CSAF). */
const NEEDED: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  aggregate_severity: { text: any },
  publisher: {
    category: oneOf("coordinator discoverer multiplier other translator user vendor"),
    name: any,
    namespace: any,
  },
  references: { summary: any, url: any },
  notes: {
    category: oneOf("description details faq general legal_disclaimer other summary"),
    text: any,
  },
  revision_history: {
    date: any,
    number: /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\S*)?$/,
    summary: any,
  },
  product: { name: any, product_id: any },
  full_product_names: { name: any, product_id: any },
  full_product_name: { name: any, product_id: any },
  hashes: { file_hashes: any, filename: any },
  file_hashes: { algorithm: any, value: /^[0-9a-fA-F]{32,}$/ },
  x_generic_uris: { namespace: any, uri: any },
  product_groups: { group_id: any, product_ids: any },
  relationships: {
    category: oneOf(
      "default_component_of external_component_of installed_on installed_with optional_component_of",
    ),
    full_product_name: any,
    product_reference: any,
    relates_to_product_reference: any,
  },
  cwe: { id: /^CWE-[1-9]\d{0,5}$/, name: any },
  cwes: { id: /^CWE-[1-9]\d{0,5}$/, name: any, version: /^[1-9]\d*\.(?:0|[1-9]\d*)(?:\.\d+)?$/ },
  first_known_exploitation_dates: { date: any, exploitation_date: any },
  flags: {
    label: oneOf(
      "component_not_present inline_mitigations_already_exist vulnerable_code_cannot_be_controlled_by_adversary vulnerable_code_not_in_execute_path vulnerable_code_not_present",
    ),
  },
  ids: { system_name: any, text: any },
  involvements: {
    party: oneOf("coordinator discoverer other user vendor"),
    status: oneOf("completed contact_attempted disputed in_progress not_contacted open"),
  },
  metrics: { content: any, products: any },
  scores: { products: any },
  remediations: {
    category: oneOf(
      "fix_planned mitigation no_fix_planned none_available optional_patch vendor_fix workaround",
    ),
    details: any,
  },
  restart_required: {
    category: oneOf("connected dependencies machine none parent service system vulnerable_component zone"),
  },
  threats: { category: oneOf("exploit_status impact target_set"), details: any },
  branches: {
    category: oneOf(
      "architecture host_name language legacy patch_level platform product_family product_name product_version product_version_range service_pack specification vendor",
    ),
    name: any,
  },
};

/** Forms of what may be left out. */
const FORMS: Readonly<Record<string, RegExp>> = {
  id: UNPADDED,
  cpe: /^(?:cpe:2\.3:[aho*-](?::(?:\\.|[^\\:\s])+){10}|[cC][pP][eE]:\/[AHOaho]?(?::[\w.%~-]*){0,6})$/,
  purl: /^pkg:[A-Za-z.+-][A-Za-z0-9.+-]*\/\S+$/,
  audience: any,
};

/** Takes away, in place, every record that lacks what makes it one, and every value of a form that CSAF does not have. */
export function takeFormless(record: JsonRecord): void {
  for (const [name, value] of Object.entries(record)) {
    const left = Array.isArray(value)
      ? value.filter((one) => takesForm(one, name === "purls" ? "purl" : name))
      : takesForm(value, name)
        ? value
        : undefined;
    if (left === undefined || (Array.isArray(left) && left.length === 0))
      Reflect.deleteProperty(record, name);
    else record[name] = left;
  }
}

function takesForm(value: unknown, name: string): boolean {
  if (!isJsonRecord(value)) return typeof value !== "string" || FORMS[name]?.test(value) !== false;
  takeFormless(value);
  const needed = Object.entries(NEEDED[name] ?? {});
  if (!needed.every(([field, form]) => value[field] !== undefined && form.test(String(value[field]))))
    return false;
  return Object.keys(value).length > 0;
}
