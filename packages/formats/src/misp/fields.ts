import { isJsonRecord, type JsonRecord } from "../json-value.ts";

/** One of a list, and what its place is called. */
export type Member = { key: string; value: unknown };

const NUMBER = /^\d{1,9}$/;

/**
 * The members of what MISP writes as a list. PHP writes one with gaps as an object of numbers, and some tools leave
 * the brackets of a list of one out.
 */
export function membersOf(value: unknown): Member[] {
  if (Array.isArray(value)) return value.map((one, at) => ({ key: String(at), value: one }));
  if (!isJsonRecord(value))
    return value === undefined || value === null || value === "" ? [] : [{ key: "0", value }];
  const keys = Object.keys(value);
  if (keys.length === 0) return [];
  if (keys.every((key) => NUMBER.test(key))) return keys.map((key) => ({ key, value: value[key] }));
  return [{ key: "0", value }];
}

/** What MISP writes with a capital. */
const CAPITAL =
  "Attribute Object ObjectReference Tag EventTag AttributeTag Galaxy GalaxyCluster EventReport ShadowAttribute Sighting RelatedEvent Org Orgc SharingGroup CryptographicKey Organisation Event";
const NAMES: ReadonlyMap<string, string> = new Map(
  CAPITAL.split(" ").flatMap((name) => [
    [name.toLowerCase(), name],
    [`${name.toLowerCase()}s`, name],
  ]),
);

/** The record under MISP's own names: some tools write `attribute`, `attributes` or `Attributes`. */
export function underKnownNames(record: JsonRecord): JsonRecord {
  let renamed: JsonRecord | undefined;
  for (const key of Object.keys(record)) {
    const name = NAMES.get(key.toLowerCase());
    if (name === undefined || name === key || Object.hasOwn(record, name)) continue;
    renamed ??= { ...record };
    renamed[name] = renamed[key];
    delete renamed[key];
  }
  return renamed ?? record;
}

const EVENT =
  "uuid info date threat_level_id analysis timestamp publish_timestamp published distribution sharing_group_id " +
  "Attribute Object EventReport ShadowAttribute RelatedEvent Galaxy Tag EventTag Org Orgc SharingGroup extends_uuid " +
  "event_creator_email CryptographicKey warnings warninglists Sighting";
const ATTRIBUTE =
  "uuid type category value value1 value2 data comment to_ids timestamp distribution sharing_group_id deleted " +
  "first_seen last_seen Tag AttributeTag Galaxy ShadowAttribute Sighting object_relation warnings warninglists " +
  "SharingGroup Event";
const OBJECT =
  "uuid name meta-category description template_uuid template_version timestamp distribution sharing_group_id " +
  "comment deleted first_seen last_seen ObjectReference Attribute Tag Galaxy SharingGroup Event";

/** Numbers and switches that mean something within one MISP alone: nothing of what is said is lost with them. */
const BOOKKEEPING = new Set(
  (
    "id event_id object_id org_id orgc_id old_id user_id galaxy_id template_id attribute_count proposal_email_lock " +
    "locked protected disable_correlation batch_import sighting_timestamp event_uuid object_uuid ThreatLevel User Feed"
  ).split(" "),
);

const KNOWN = {
  Event: new Set(EVENT.split(" ")),
  Attribute: new Set(ATTRIBUTE.split(" ")),
  Object: new Set(OBJECT.split(" ")),
};

/** Fields that no version of MISP's format has which Suar knows, and that hold something. */
export function unknownFields(record: JsonRecord, kind: keyof typeof KNOWN): string[] {
  return Object.keys(record).filter(
    (name) => !KNOWN[kind].has(name) && !BOOKKEEPING.has(name) && holdsSomething(record[name]),
  );
}

function holdsSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}
