import type { ObservableKind } from "@suar/stix";
import { readLabelLine } from "../marking-label.ts";
import { kindsNamed } from "../value-kind.ts";

/** What a column tells of a row. */
export type Role =
  | "type"
  | "tlp"
  | "pap"
  | "name"
  | "description"
  | "labels"
  | "confidence"
  | "first-seen"
  | "valid-from"
  | "valid-until";

export type Column =
  /** Holds values: of one of `kinds`, or of any when that is absent. */
  { role: "value"; kinds?: readonly ObservableKind[] } | { role: Role } | { role: "unmapped" };

const VALUE_NAMES = words(
  "value indicator indicators ioc iocs observable iocvalue indicatorvalue threatindicator artifact " +
    "指标 值 威胁指标 nilai indikator petunjuk giátrị ค่า",
);

/** Names in English, Chinese, Malay and Indonesian, Vietnamese and Thai, without spaces and punctuation. */
const ROLE_NAMES: ReadonlyMap<string, Role> = new Map([
  ...roleNames(
    "type",
    "type indicatortype ioctype valuetype observabletype 类型 指标类型 jenis tipe loại ประเภท",
  ),
  ...roleNames("tlp", "marking markings datamarking markinglevel"),
  ...roleNames("name", "name title 名称 标题 nama tajuk judul tên ชื่อ"),
  ...roleNames(
    "description",
    "description desc comment comments note notes remark remarks details context info " +
      "描述 备注 说明 注释 deskripsi keterangan penerangan catatan môtả ghichú คำอธิบาย หมายเหตุ",
  ),
  ...roleNames(
    "labels",
    "tag tags label labels threat threattype malware malwarefamily family 标签 nhãn ป้าย",
  ),
  ...roleNames("confidence", "confidence confidencelevel 置信度 độtincậy"),
  ...roleNames(
    "first-seen",
    "firstseen firstseenutc firstseenat dateadded added date datetime timestamp 首次发现时间",
  ),
  ...roleNames("valid-from", "validfrom starts startdate"),
  ...roleNames(
    "valid-until",
    "validuntil validto expires expiry expiration expirationdate expirydate 有效期至",
  ),
]);

const KIND_NAMES: ReadonlyMap<string, string> = new Map([
  ["域名", "domain"],
  ["网址", "url"],
  ["链接", "url"],
  ["ip地址", "ip"],
  ["哈希", "hash"],
  ["哈希值", "hash"],
  ["文件名", "filename"],
  ["邮箱", "email"],
  ["电子邮件", "email"],
  ["alamatip", "ip"],
  ["tênmiền", "domain"],
  ["địachỉip", "ip"],
  ["โดเมน", "domain"],
  ["อีเมล", "email"],
]);

/** Named columns that describe where a value is and are nothing to look for. */
const CONTEXT = new Set(["asn", "as", "network", "checksum"]);

/** What a column of this name holds. */
export function columnNamed(header: string): Column {
  const plain = header
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, "");
  if (VALUE_NAMES.has(plain)) return { role: "value" };
  const role = ROLE_NAMES.get(plain) ?? markingRole(plain, header);
  if (role !== undefined) return { role };
  const kinds = CONTEXT.has(plain) ? undefined : kindsNamed(KIND_NAMES.get(plain) ?? plain);
  return kinds === undefined ? { role: "unmapped" } : { role: "value", kinds };
}

/** `TLP 2.0`, `tlp_label`, `Shared under TLP`: what names TLP holds levels, and a cell of it that is none is refused. */
const TLP_NAME = /^(?:tlp|trafficlightprotocol)|(?:tlp|trafficlightprotocol)$/;
const PAP_NAME =
  /^(?:pap|permissibleactionsprotocol)(?:v?\d+|level|label|marking|colou?r|code|classification|value|rating|tag)?$/;

/** A header that is a label itself, as `TLP:RED`, names no column: it is said of the whole. */
function markingRole(plain: string, header: string): Role | undefined {
  if (!TLP_NAME.test(plain) && !PAP_NAME.test(plain)) return undefined;
  if (readLabelLine(header)?.marking !== undefined) return undefined;
  return PAP_NAME.test(plain) ? "pap" : "tlp";
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.normalize("NFC").split(" "));
}

function roleNames(role: Role, list: string): [string, Role][] {
  return [...words(list)].map((name) => [name, role]);
}
