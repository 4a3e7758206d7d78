import type { Role } from "@suar/contract";
import { type Caller, caller } from "../support/api.ts";
import type { PlatformProcess } from "../support/platform.ts";
import { type Party, party } from "./oracle.ts";

/** Somebody with (or without) a key. */
export type Reader = {
  name: string;
  realm: "live" | "drill" | undefined;
  party: Party | undefined;
  role: Role | undefined;
  key: string | undefined;
  /** Set for a person's own signed-in session. */
  person?: string;
  api: Caller;
};

export const MEMBERS = ["BN", "CN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"];
export const AGENCIES = [
  "SG:example-bank",
  "SG:example-power",
  "MY:example-ministry",
  "MY:example-port",
  "CN:example-bank",
  "CN:example-telecom",
];
const ROLES = ["analyst", "subscriber", "officer", "coordinator"] as const;

/** Every role of every member and of every agency in the live realm, the operator, and nobody. */
export async function liveReaders(platform: PlatformProcess): Promise<Reader[]> {
  const { url } = platform;
  const readers: Reader[] = [];
  for (const code of MEMBERS) {
    for (const role of ROLES) readers.push(reader(url, code, role, platform.key(code, role), "live"));
  }
  for (const code of AGENCIES) {
    const officer = caller(url, platform.key(code.slice(0, 2), "officer"));
    for (const role of ROLES) {
      const { status, body, text } = await officer.post("/v1/keys", {
        organisation: code,
        roles: [role],
        label: `${role} of an agency`,
      });
      if (status !== 201) throw new Error(text);
      readers.push(reader(url, code, role, body.key, "live"));
    }
  }
  const { operator } = platform;
  readers.push({
    name: "the operator",
    realm: "live",
    party: undefined,
    role: "operator",
    key: operator,
    api: caller(url, operator),
  });
  readers.push({
    name: "nobody",
    realm: undefined,
    party: undefined,
    role: undefined,
    key: undefined,
    api: caller(url, undefined),
  });
  return readers;
}

function reader(url: string, code: string, role: Role, key: string, realm: "live" | "drill"): Reader {
  const name = `${realm === "drill" ? "the drill's " : ""}${code} ${role}`;
  return { name, realm, party: party(code), role, key, api: caller(url, key) };
}

/** Those who may read content at all: the operator and nobody may not. */
export function withOrganisation(readers: readonly Reader[]): (Reader & { party: Party; key: string })[] {
  return readers.filter((one): one is Reader & { party: Party; key: string } => one.party !== undefined);
}
