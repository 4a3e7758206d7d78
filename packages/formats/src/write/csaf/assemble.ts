import { formatTlp, type Pap, stricterPap, stricterTlp, type Tlp } from "@suar/stix";
import { CSAF_DOCUMENT, CSAF_VULNERABILITY } from "../../csaf/carry.ts";
import { isJsonRecord, type JsonRecord } from "../../json-value.ts";
import { exerciseOf } from "../marking-lines.ts";
import { papOf } from "../validity.ts";
import type { ExportItem } from "../writer.ts";
import { categoryOf } from "./category.ts";
import { addSoftware, deriveDocument } from "./derive-document.ts";
import { deriveVulnerability } from "./derive-vulnerability.ts";
import { takeFormless } from "./forms.ts";
import type { Advisory } from "./gathered.ts";
import { nameKnownProducts } from "./known-products.ts";
import { inNewerWords } from "./newer.ts";
import { inOlderWords, productsOf } from "./older.ts";
import { type Parts, recordsIn, setList } from "./parts.ts";

export type CsafVersion = "2.0" | "2.1";

/** A document of CSAF, and the renditions that are in it. */
export type Assembled = { document: JsonRecord; items: readonly ExportItem[] };

/**
 * An advisory as CSAF: what was read of CSAF in its own words, everything else by what STIX says of it. Its marking is the
 * strictest of what is in it.
 */
export function assemble(advisory: Advisory, version: CsafVersion, exercise: string | undefined): Assembled {
  const { parts, items } = partsOf(advisory);
  if (version === "2.0") inOlderWords(parts);
  else inNewerWords(parts);
  for (const part of [parts.document, parts.product_tree, ...parts.vulnerabilities]) takeFormless(part);
  nameKnownProducts(parts.product_tree, parts.vulnerabilities);
  const { product_tree, vulnerabilities } = parts;
  const document = finished(parts, advisory, items, version);
  if (exercise !== undefined) asExercise(document, exercise);
  return {
    document: {
      ...(version === "2.1" && { $schema: "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json" }),
      document,
      ...(Object.keys(product_tree).length > 0 && { product_tree }),
      ...(vulnerabilities.length > 0 && { vulnerabilities }),
    },
    items,
  };
}

function partsOf(advisory: Advisory): { parts: Parts; items: ExportItem[] } {
  const { report, vulnerabilities, software, statuses, actions, notes } = advisory;
  const subject = report ?? (vulnerabilities[0] as ExportItem);
  const carried = report && carriedIn(report, CSAF_DOCUMENT);
  const parts: Parts = {
    document: isJsonRecord(carried?.document) ? carried.document : deriveDocument(advisory, subject),
    product_tree: isJsonRecord(carried?.product_tree) ? carried.product_tree : {},
    vulnerabilities: vulnerabilities.flatMap((one) => {
      const known = carried && carriedIn(one, CSAF_VULNERABILITY)?.vulnerability;
      const written = isJsonRecord(known) ? known : deriveVulnerability(one, advisory);
      return Object.keys(written).length > 0 ? [written] : [];
    }),
  };
  const isDerived = vulnerabilities.some((one) => carriedIn(one, CSAF_VULNERABILITY) === undefined);
  if (productsOf(parts.product_tree).length === 0 || (carried === undefined && isDerived))
    addSoftware(parts.product_tree, software);
  else if (isDerived) addSoftware(parts.product_tree, namedBy(statuses, software));
  const acting = actions.flatMap(({ action, relation }) => [action, relation]);
  const all = [subject, ...vulnerabilities, ...software, ...statuses, ...acting, ...notes];
  return { parts, items: [...new Set(all)] };
}

function namedBy(statuses: readonly ExportItem[], software: readonly ExportItem[]): ExportItem[] {
  const named = new Set(statuses.map(({ object }) => object.source_ref));
  return software.filter(({ object }) => named.has(object.id));
}

/** A copy: a rendition is not written upon. */
function carriedIn({ object }: ExportItem, extension: string): JsonRecord | undefined {
  const carried = isJsonRecord(object.extensions) ? object.extensions[extension] : undefined;
  return isJsonRecord(carried) ? structuredClone(carried) : undefined;
}

/** What every document has (4.1), in whatever state its own words are. */
function finished(
  parts: Parts,
  advisory: Advisory,
  items: readonly ExportItem[],
  version: CsafVersion,
): JsonRecord {
  const subject = advisory.report ?? (advisory.vulnerabilities[0] as ExportItem);
  const derived = deriveDocument(advisory, subject);
  const { title = derived.title, publisher = derived.publisher, tracking } = parts.document;
  const document = { ...parts.document, title, publisher };
  const category = categoryOf({ ...parts, document });
  return {
    ...document,
    category,
    csaf_version: version,
    distribution: distributionOf(items, version),
    tracking: isTracking(tracking) ? tracking : derived.tracking,
  };
}

function isTracking(tracking: unknown): boolean {
  if (!isJsonRecord(tracking)) return false;
  const { id, status, version, current_release_date: current, initial_release_date: initial } = tracking;
  const isWhole = [id, version, current, initial].every((one) => one !== undefined);
  return (
    isWhole &&
    /^(?:draft|final|interim)$/.test(String(status)) &&
    recordsIn(tracking, "revision_history").length > 0
  );
}

const OLD_LABELS: Readonly<Record<Tlp, string>> = {
  clear: "WHITE",
  green: "GREEN",
  amber: "AMBER",
  // 2.0 has no label for it: the next that is not laxer, and the text says which it is.
  "amber+strict": "RED",
  red: "RED",
};

function distributionOf(items: readonly ExportItem[], version: CsafVersion): JsonRecord {
  const tlp = items.map((item) => item.tlp).reduce<Tlp>(stricterTlp, "clear");
  const paps = items.map(({ object, pap }) => papOf(object.labels, pap)).filter((pap) => pap !== undefined);
  const told = [
    ...(version === "2.0" && tlp === "amber+strict" ? [formatTlp(tlp)] : []),
    ...(paps.length > 0 ? [`PAP:${paps.reduce<Pap>(stricterPap, "clear").toUpperCase()}`] : []),
  ];
  const label = version === "2.0" ? OLD_LABELS[tlp] : tlp.toUpperCase();
  return {
    ...(told.length > 0 && { text: told.join("; ") }),
    tlp: { label, url: "https://www.first.org/tlp/" },
  };
}

/** What nobody is to take for real says so first, wherever its title is shown. */
function asExercise(document: JsonRecord, exercise: string): void {
  document.title = `${exerciseOf(exercise)}: ${document.title}`;
  const notes = [{ category: "general", title: "Exercise", text: exerciseOf(exercise) }];
  setList(document, "notes", [...notes, ...recordsIn(document, "notes")]);
}
