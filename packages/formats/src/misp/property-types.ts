/** A property that a bare attribute becomes, on an object that holds nothing else. */
export type PropertyMapping = {
  becomes: "property";
  type: string;
  /** Where the value goes; `[]` at the end means a list of it. */
  path: readonly string[];
  /** What the object has besides. */
  fixed?: Readonly<Record<string, unknown>>;
};

const property = (
  type: string,
  path: string,
  fixed?: Readonly<Record<string, unknown>>,
): PropertyMapping => ({ becomes: "property", type, path: path.split("."), ...(fixed && { fixed }) });

const EMAIL = { is_multipart: false };

/** Attribute types by the one property of STIX that says the same. The writer reads the table backwards. */
export const PROPERTY_TYPES: Readonly<Record<string, PropertyMapping>> = {
  "email-subject": property("email-message", "subject", EMAIL),
  "email-body": property("email-message", "body", EMAIL),
  "email-message-id": property("email-message", "message_id", EMAIL),
  "email-header": property("email-message", "received_lines.[]", EMAIL),
  "email-x-mailer": property("email-message", "additional_header_fields.X-Mailer", EMAIL),
  "email-thread-index": property("email-message", "additional_header_fields.Thread-Index", EMAIL),
  "windows-service-name": property("process", "extensions.windows-service-ext.service_name"),
  "windows-service-displayname": property("process", "extensions.windows-service-ext.display_name"),
  "x509-fingerprint-md5": property("x509-certificate", "hashes.MD5"),
  "x509-fingerprint-sha1": property("x509-certificate", "hashes.SHA-1"),
  "x509-fingerprint-sha256": property("x509-certificate", "hashes.SHA-256"),
  "github-username": property("user-account", "account_login", { account_type: "github" }),
  "github-organisation": property("user-account", "display_name", { account_type: "github" }),
  "jabber-id": property("user-account", "account_login", { account_type: "jabber" }),
  "twitter-id": property("user-account", "account_login", { account_type: "twitter" }),
  eppn: property("user-account", "account_login", { account_type: "eppn" }),
  "target-user": property("user-account", "account_login"),
  "mobile-application-id": property("software", "name"),
  "chrome-extension-id": property("software", "name", { vendor: "Chrome extension" }),
  "threat-actor": property("threat-actor", "name"),
  "campaign-name": property("campaign", "name"),
  "campaign-id": property("campaign", "name", { labels: ["campaign-id"] }),
  "malware-type": property("malware", "malware_types.[]", { is_family: false }),
  "target-org": property("identity", "name", { identity_class: "organization" }),
  "target-machine": property("identity", "name", { identity_class: "system" }),
  "whois-registrant-org": property("identity", "name", {
    identity_class: "organization",
    roles: ["registrant"],
  }),
  "whois-registrar": property("identity", "name", { identity_class: "organization", roles: ["registrar"] }),
};

/** The object with the value in its place. */
export function withProperty(
  { type, path, fixed = {} }: PropertyMapping,
  value: unknown,
): Record<string, unknown> {
  return { type, spec_version: "2.1", ...fixed, ...nested(path, value) };
}

function nested([first = "", ...rest]: readonly string[], value: unknown): Record<string, unknown> {
  if (rest.length === 0) return { [first]: value };
  return { [first]: rest[0] === "[]" ? [value] : nested(rest, value) };
}

/** The pattern that looks for the value there (§9.7). Only observables are looked for. */
export function patternOf({ type, path, fixed }: PropertyMapping, value: string): string {
  const steps = path.map((step) => (step === "[]" ? "[*]" : plainOrQuoted(step)));
  const place = `${type}:${steps.join(".").replaceAll(".[*]", "[*]")}`;
  const account = fixed?.account_type;
  const kind = typeof account === "string" ? `${type}:account_type = ${quoted(account)} AND ` : "";
  return `[${kind}${place} = ${quoted(value)}]`;
}

function plainOrQuoted(step: string): string {
  return /^[A-Za-z0-9_]+$/.test(step) ? step : quoted(step);
}

/** §9.2: a backslash before each quote and backslash. */
export function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
