import { isJsonRecord, listOf } from "../json-value.ts";
import { canonicalOf } from "../value-kind.ts";
import type { Filled, Typed } from "./fill-template.ts";

/** What the rules between an object's properties ask for. Returns what had to be left out, by its field. */
export function finishObject({ object, referred }: Filled): string[] {
  switch (object.type) {
    case "email-message":
      return finishEmail(object);
    case "network-traffic":
      return finishTraffic(object, new Set(referred.map(({ object: { type } }) => type)));
    case "windows-registry-key":
      return finishRegistryKey(object);
    case "vulnerability":
      return finishVulnerability(object);
    case "location":
      return finishLocation(object);
    default:
      return [];
  }
}

/** §6.6.1: with attachments a body is one of the parts. */
function finishEmail(object: Typed): string[] {
  const attached = listOf(object.body_multipart);
  if (attached.length === 0) return [];
  const { body } = object;
  delete object.body;
  object.is_multipart = true;
  object.body_multipart = [
    ...(body === undefined ? [] : [{ body, content_type: "text/plain; charset=utf-8" }]),
    ...attached.map((file) => ({ body_raw_ref: file, content_disposition: "attachment" })),
  ];
  return [];
}

/** §6.12.1: protocols from the outside in; an end says that it is over. */
function finishTraffic(object: Typed, ends: ReadonlySet<string>): string[] {
  const said = listOf(object.protocols).map((one) => String(one).toLowerCase());
  const known = ends.has("ipv6-addr") ? "ipv6" : ends.has("ipv4-addr") ? "ipv4" : "ip";
  const isLower = said.some((one) => /^(?:ip|ipv4|ipv6|icmp|arp)$/.test(one));
  object.protocols = isLower ? said : [known, ...said];
  if (object.end !== undefined) object.is_active = false;
  const lost: string[] = [];
  for (const port of ["src_port", "dst_port"]) {
    const number = object[port];
    if (typeof number !== "number" || (number >= 0 && number <= 65_535)) continue;
    delete object[port];
    lost.push(port);
  }
  const { extensions } = object;
  if (!isJsonRecord(extensions)) return lost;
  if (isIncomplete(extensions["http-request-ext"], "request_method", "request_value")) {
    delete extensions["http-request-ext"];
    lost.push("http-request-ext");
  }
  if (isIncomplete(extensions["socket-ext"], "address_family")) {
    delete extensions["socket-ext"];
    lost.push("socket-ext");
  }
  if (Object.keys(extensions).length === 0) delete object.extensions;
  return lost;
}

function isIncomplete(extension: unknown, ...needed: string[]): boolean {
  return isJsonRecord(extension) && needed.some((name) => extension[name] === undefined);
}

/** §6.17.1: the hive is part of the key, in full. */
function finishRegistryKey(object: Typed): string[] {
  const { hive, key } = object;
  delete object.hive;
  const whole = typeof hive === "string" && !/^HK/i.test(String(key)) ? `${hive}\\${key}` : String(key);
  const canonical = canonicalOf("regkey", whole);
  object.key = canonical.ok ? canonical.value : whole;
  return [];
}

/** §4.19.1: the number of a flaw stands in a reference named for the list that it is of. */
function finishVulnerability(object: Typed): string[] {
  const canonical = canonicalOf("cve", String(object.name));
  if (!canonical.ok) return [];
  object.name = canonical.value;
  const own = { source_name: "cve", external_id: canonical.value };
  object.external_references = [own, ...listOf(object.external_references)];
  return [];
}

/** §4.10.1: both coordinates or neither. */
function finishLocation(object: Typed): string[] {
  if ((object.latitude === undefined) === (object.longitude === undefined)) return [];
  const [name = ""] = ["latitude", "longitude"].filter((one) => object[one] !== undefined);
  delete object[name];
  return [name];
}
