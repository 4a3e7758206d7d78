import { STATUS_NAMES } from "../../csaf/shape.ts";
import { isJsonRecord, type JsonRecord } from "../../json-value.ts";
import { type Parts, recordsIn } from "./parts.ts";

const TELLING = new Set(["description", "details", "general", "summary"]);

const tells = ({ document }: Parts): boolean =>
  recordsIn(document, "notes").some(({ category }) => TELLING.has(String(category)));
const refersOut = ({ document }: Parts): boolean =>
  recordsIn(document, "references").some(({ category }) => category === "external" || category === undefined);
const hasProducts = ({ product_tree }: Parts): boolean => Object.keys(product_tree).length > 0;

function everyOne({ vulnerabilities }: Parts, test: (one: JsonRecord) => boolean): boolean {
  return vulnerabilities.length > 0 && vulnerabilities.every(test);
}

const hasStatus = ({ product_status: status }: JsonRecord, names: readonly string[]): boolean =>
  isJsonRecord(status) && names.some((name) => status[name] !== undefined);
const OF_ADVISORY = ["fixed", "known_affected", "known_not_affected", "under_investigation"];

/** 2.1 wants products that have it (6.1.27.12). */
function statusesOf({ document }: Parts): readonly string[] {
  return document.csaf_version === "2.1" ? ["known_affected"] : STATUS_NAMES;
}

/** VEX says of what is not affected why, and of what is affected what to do (6.1.27.9, 6.1.27.10). */
function isVex(one: JsonRecord): boolean {
  const isTold = recordsIn(one, "flags").length + recordsIn(one, "threats").length > 0;
  const isMended = recordsIn(one, "remediations").length > 0;
  return (
    (one.cve !== undefined || one.ids !== undefined) &&
    one.notes !== undefined &&
    hasStatus(one, OF_ADVISORY) &&
    (isTold || !hasStatus(one, ["known_not_affected"])) &&
    (isMended || !hasStatus(one, ["known_affected"]))
  );
}

/** The profiles of §4 that have conditions, by their category (6.1.27). */
const PROFILES: ReadonlyMap<string, (parts: Parts) => boolean> = new Map([
  [
    "csaf_security_advisory",
    (parts: Parts) =>
      hasProducts(parts) &&
      everyOne(parts, (one) => one.notes !== undefined && hasStatus(one, statusesOf(parts))),
  ],
  ["csaf_vex", (parts: Parts) => hasProducts(parts) && everyOne(parts, isVex)],
  [
    "csaf_informational_advisory",
    (parts: Parts) => tells(parts) && refersOut(parts) && parts.vulnerabilities.length === 0,
  ],
  ["csaf_security_incident_response", (parts: Parts) => tells(parts) && refersOut(parts)],
  ["csaf_base", () => true],
]);
const CHOSEN = ["csaf_security_advisory", "csaf_informational_advisory", "csaf_base"];

/** What its author called it, as long as the part that its reader may see is that; else what this part is. */
export function categoryOf(parts: Parts): string {
  const { category } = parts.document;
  if (typeof category === "string" && PROFILES.get(category)?.(parts) === true) return category;
  // A category of one's own is like none of CSAF's (6.1.26).
  if (typeof category === "string" && !/^[\s_-]*(?:csaf|security|informational|vex|base)/i.test(category))
    return category;
  return CHOSEN.find((one) => PROFILES.get(one)?.(parts) === true) ?? "csaf_base";
}
