const FORMATTED = /^cpe:2\.3:[aho*-](?::(?:\\.|[^\\:\s])+){10}$/;
const ATTRIBUTES = 11;

/**
 * A CPE name as STIX wants it (§6.14, CPE 2.3 formatted string): also from the URI binding that older advisories
 * write, `cpe:/o:vendor:product:1.0` (NIST IR 7695 §6.1.3), whose missing parts stand for any.
 */
export function cpe23Of(text: string): string | undefined {
  if (FORMATTED.test(text)) return text;
  const [, uri] = /^cpe:\/([aho](?::[^:\s]*){0,6})$/i.exec(text) ?? [];
  if (uri === undefined) return undefined;
  const parts = uri.split(":").map(component);
  if (parts.some((part) => part === undefined)) return undefined;
  // The edition may pack four more attributes behind tildes: `~edition~sw_edition~target_sw~target_hw~other`.
  const [part, vendor, product, version, update, edition, language] = uri.split(":");
  const packed = edition?.startsWith("~") === true ? edition.split("~").slice(1) : [edition];
  const [own, sw, targetSw, targetHw, other] = packed;
  const all = [part, vendor, product, version, update, own, language, sw, targetSw, targetHw, other];
  const written = all.slice(0, ATTRIBUTES).map((one) => component(one ?? "") ?? "*");
  const formatted = `cpe:2.3:${written.join(":")}`;
  return FORMATTED.test(formatted) ? formatted : undefined;
}

/** One component: empty is any, `-` is none; percent signs undone, and what is not a word character escaped. */
function component(written: string): string | undefined {
  if (written === "") return "*";
  if (written === "-") return "-";
  const plain = decoded(written.toLowerCase());
  return plain?.replace(/[^a-z0-9_.-]/g, "\\$&");
}

function decoded(text: string): string | undefined {
  return /%(?![0-9a-f]{2})/.test(text)
    ? undefined
    : text.replace(/%([0-7][0-9a-f])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
