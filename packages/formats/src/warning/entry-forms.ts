import { domainToASCII } from "node:url";
import { classifyValue, refang } from "@suar/stix";
import { canonicalOf } from "../value-kind.ts";
import { folded } from "./looked-up.ts";

/** What may have another spelling in its canonical form than in lower case: addresses, URLs, international names, numbers. */
const MAY_DIFFER = /[:[\]/]|[^\x20-\x7e]|\.$|^as\d/i;

/** The spellings under which an entry of strings is looked up: its own, and that which values of its kind have. */
export function formsOf(entry: string): string[] {
  const own = folded(entry);
  if (!MAY_DIFFER.test(entry)) return [own];
  const text = refang(entry);
  const kind = classifyValue(text);
  const canonical = kind === undefined ? undefined : canonicalOf(kind, text);
  return canonical?.ok === true ? [own, folded(canonical.value)] : [own];
}

const NAME = /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/;

/** A name as it stands on the wire; lists write `.example.com` and `*.example.com` for what is below it. Undefined for no name. */
export function nameOf(entry: string): string | undefined {
  const bare = entry
    .replace(/^\*?\./, "")
    .replace(/\.$/, "")
    .toLowerCase();
  const name = /^[\x21-\x7e]*$/.test(bare) ? bare : domainToASCII(bare);
  return name.length <= 253 && NAME.test(name) && !name.includes("..") ? name : undefined;
}
