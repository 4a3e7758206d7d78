import { ownValue } from "../own-value.ts";
import { HASHES, REMOVED, REMOVED_OF_EXTENSIONS, RENAMED } from "./renamed.ts";
import type { Loss } from "./upgrade-object.ts";

/**
 * A pattern's literals, words (`AND` is none, a path begins with one) and what stands between them. Each is taken once
 * and never looked at again, whatever its length.
 */
const TOKENS =
  /'(?:[^'\\]|\\.?)*(?:'|$)|[a-z0-9-]+(?::[A-Za-z0-9_-]+(?:\.(?:'(?:[^'\\]|\\.?)*(?:'|$)|[A-Za-z0-9_-]+)|\[(?:\d{1,9}|\*)\])*)?|[^'a-z0-9-]+/gs;
const STEPS = /\.?'(?:[^'\\]|\\.?)*(?:'|$)|\[(?:\d+|\*)\]|\.?[A-Za-z0-9_-]+/gs;
const TIMESTAMP = /^'\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z'$/;

const MOST_TOLD = 20;

/** Where references lead, as far as something there has another name in 2.1. */
const LEADS_TO: Readonly<Record<string, string>> = {
  binary_ref: "file",
  image_ref: "file",
  parent_directory_ref: "directory",
  creator_user_ref: "user-account",
  parent_ref: "process",
  child_refs: "process",
};

const TIMES: ReadonlySet<string> = new Set(
  "ctime mtime atime created_time modified_time credential_last_changed account_created account_expires account_first_login account_last_login start end date validity_not_before validity_not_after".split(
    " ",
  ),
);

/** A pattern of STIX 2.0 in 2.1's names, with times as timestamps (2.1 §9.6); what 2.1 has no more is told. */
export function upgradePattern(pattern: string, losses: Loss[]): string {
  const removed = new Set<string>();
  let before = "";
  let isTime = false;
  let upgraded = "";
  for (const [token] of pattern.matchAll(TOKENS)) {
    if (token.startsWith("'")) {
      const isStamp = TIMESTAMP.test(token) && (isTime || /\b(?:START|STOP)\s+$/.test(before.slice(-20)));
      upgraded += isStamp && before !== "t" ? `t${token}` : token;
    } else if (token.includes(":") && /^[a-z0-9-]+:/.test(token)) {
      const path = upgradePath(token, removed);
      isTime = TIMES.has(/([a-z_]+)$/.exec(path.slice(-40))?.[1] ?? "");
      upgraded += path;
    } else upgraded += token;
    before = token;
  }
  for (const path of [...removed].slice(0, MOST_TOLD)) {
    const reason = `STIX 2.1 has it no more, nothing matches it: ${path.slice(0, 120)}`;
    losses.push({ field: "pattern", reason });
  }
  return upgraded;
}

function upgradePath(path: string, removed: Set<string>): string {
  const colon = path.indexOf(":");
  let type: string | undefined = path.slice(0, colon);
  let extension = "";
  let inside = "";
  const steps: string[] = [];
  for (const [step] of path.slice(colon + 1).matchAll(STEPS)) {
    const name = step.replace(/^\./, "").replace(/^'|'$/g, "");
    if (isRemoved(type, extension, name)) removed.add(path);
    const renamed = nameOf(type, inside, name);
    steps.push(renamed === name ? step : step.replace(name, renamed));
    if (step.startsWith("[")) continue;
    if (inside === "extensions") extension = name;
    // Behind a reference stand another's properties; all else has properties of its own.
    type = /_refs?$/.test(name) ? ownValue(LEADS_TO, name) : undefined;
    inside = name;
  }
  // §6.12.2: each header's values are a list since 2.1.
  const isHeader = extension === "http-request-ext" && /\.request_header\.(?:'[^']*'|[\w-]+)$/.test(path);
  return `${path.slice(0, colon + 1)}${steps.join("")}${isHeader ? "[0]" : ""}`;
}

function isRemoved(type: string | undefined, extension: string, name: string): boolean {
  if (type !== undefined) return (ownValue(REMOVED, type) ?? []).includes(name);
  return (ownValue(REMOVED_OF_EXTENSIONS, extension) ?? []).includes(name);
}

function nameOf(type: string | undefined, inside: string, name: string): string {
  if (inside === "hashes") return ownValue(HASHES, name) ?? name;
  return type === undefined ? name : (ownValue(ownValue(RENAMED, type) ?? {}, name) ?? name);
}
