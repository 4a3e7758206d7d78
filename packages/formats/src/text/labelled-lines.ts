import type { FieldLoss } from "../draft.ts";
import { IncidentReport } from "../incident/incident-report.ts";
import { RSIT, type RsitClass } from "../incident/rsit.ts";

/** What lines such as `Severity: high` say of a report. */
export type Labelled = Partial<
  Pick<IncidentReport, "title" | "rsit" | "severity" | "occurred" | "detected" | "affected" | "helpWanted">
>;

const MOST_LINES = 500;
const LONGEST_LINE = 5_000;
const LONGEST_LABEL = 40;

type Field = "title" | "class" | "severity" | "occurred" | "detected" | "countries" | "sectors" | "help";

/** In English, Chinese, Malay and Indonesian, Vietnamese and Thai. */
const NAMES: ReadonlyMap<string, Field> = new Map([
  ...named("title", "title, subject, 标题, 主题, tajuk, judul, tiêu đề, หัวข้อ"),
  ...named(
    "class",
    "class, classification, category, rsit, 分类, 类别, kelas, klasifikasi, phân loại, ประเภท",
  ),
  ...named("severity", "severity, 严重程度, 严重性, 级别, tahap, keparahan, mức độ, ความรุนแรง"),
  ...named(
    "occurred",
    "occurred, occurred at, began, 发生时间, masa kejadian, waktu kejadian, xảy ra, เวลาเกิดเหตุ",
  ),
  ...named(
    "detected",
    "detected, detected at, noticed, 发现时间, dikesan, terdeteksi, phát hiện, เวลาตรวจพบ",
  ),
  ...named("countries", "countries, country, affected countries, 国家, 受影响国家, negara, quốc gia, ประเทศ"),
  ...named("sectors", "sectors, sector, affected sectors, 行业, 受影响行业, sektor, lĩnh vực, ภาคส่วน"),
  ...named("help", "help wanted, help, assistance, 需要协助, 请求协助, bantuan, cần hỗ trợ, ขอความช่วยเหลือ"),
]);

function named(field: Field, names: string): [string, Field][] {
  return names.split(", ").map((name) => [name, field]);
}

/**
 * Reads labelled lines at the beginning of lines of a narrative, the first of each label. What is labelled and not
 * understood is a loss; the narrative keeps the line all the same.
 */
export function readLabelledLines(narrative: string): { labelled: Labelled; losses: FieldLoss[] } {
  const labelled: Labelled = {};
  const losses: FieldLoss[] = [];
  const seen = new Set<Field>();
  for (const [n, line] of narrative.split(/\r?\n/, MOST_LINES).entries()) {
    const [name, text] = line.length > LONGEST_LINE ? ["", ""] : partsOf(line);
    const field = NAMES.get(name.toLowerCase());
    if (field === undefined || text === "" || seen.has(field)) continue;
    seen.add(field);
    if (!READ[field](text.trim(), labelled))
      losses.push({ index: 0, at: `line ${n + 1}`, field, reason: `Not understood: ${text.slice(0, 80)}` });
  }
  return { labelled, losses };
}

/** What stands before and behind a line's first colon, without the signs of lists and headings. */
function partsOf(line: string): [name: string, text: string] {
  const plain = line.replace(/^[\s#*>-]+/, "");
  const end = plain.slice(0, LONGEST_LABEL + 1).search(/[:：]/);
  return end < 0 ? ["", ""] : [plain.slice(0, end).trim(), plain.slice(end + 1).trim()];
}

/** Puts what a line says into the report; false when it is not understood. */
type Read = (text: string, into: Labelled) => boolean;

const READ: Readonly<Record<Field, Read>> = {
  title: (text, into) => {
    into.title = text.slice(0, 300);
    return true;
  },
  class: (text, into) => {
    const rsit = readClass(text);
    if (rsit !== undefined) into.rsit = rsit;
    return rsit !== undefined;
  },
  severity: (text, into) => {
    const severity = SEVERITIES.get(text.toLowerCase());
    if (severity !== undefined) into.severity = severity;
    return severity !== undefined;
  },
  occurred: (text, into) => readTime(text, (time) => (into.occurred = time)),
  detected: (text, into) => readTime(text, (time) => (into.detected = time)),
  countries: (text, into) => {
    const countries = listOf(text).map((code) => code.toUpperCase());
    const isList = countries.length <= 250 && countries.every((code) => /^[A-Z]{2}$/.test(code));
    if (isList) into.affected = { ...into.affected, countries };
    return isList;
  },
  sectors: (text, into) => {
    const sectors = listOf(text).slice(0, 100);
    into.affected = { ...into.affected, sectors: sectors.map((sector) => sector.slice(0, 100)) };
    return true;
  },
  help: (text, into) => {
    into.helpWanted = text;
    return true;
  },
};

const SEVERITIES: ReadonlyMap<string, NonNullable<Labelled["severity"]>> = new Map([
  ...["low", "低", "rendah", "thấp", "ต่ำ"].map((word) => [word, "low"] as const),
  ...["medium", "moderate", "中", "sederhana", "sedang", "trung bình", "ปานกลาง"].map(
    (word) => [word, "medium"] as const,
  ),
  ...["high", "高", "tinggi", "cao", "สูง"].map((word) => [word, "high"] as const),
  ...["critical", "severe", "严重", "危急", "kritikal", "kritis", "nghiêm trọng", "วิกฤต"].map(
    (word) => [word, "critical"] as const,
  ),
]);

/** The hour it was where it happened is evidence: a time without its offset is not understood. */
function readTime(text: string, take: (time: string) => void): boolean {
  const time = text.replace(/^(\d{4}-\d{2}-\d{2}) /, "$1T").replace(/ (?=[+-]\d{2}:\d{2}$|Z$)/, "");
  const parsed = IncidentReport.shape.occurred.safeParse(time);
  if (parsed.success && parsed.data !== undefined) take(parsed.data);
  return parsed.success;
}

/** `availability / ddos`, or either alone, by code or by name. */
function readClass(text: string): Labelled["rsit"] | undefined {
  const words = text.split(/[/>:,]/).map(plain);
  for (const [code, { name, types }] of Object.entries(RSIT)) {
    const isNamed = words.includes(plain(code)) || words.includes(plain(name));
    const type = Object.entries(types).find((pair) => pair.some((one) => words.includes(plain(one))))?.[0];
    if (isNamed || type !== undefined)
      return { class: code as RsitClass, ...(type !== undefined && { type }) };
  }
  return undefined;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}

function listOf(text: string): string[] {
  return text
    .split(/[,;、，；]|\s+(?:and|dan|và|และ)\s+/u)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
