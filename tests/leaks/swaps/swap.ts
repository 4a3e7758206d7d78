import { type RouteDefinition, type RouteName, routes } from "@suar/contract";
import { type Answer, type Caller, until } from "../../support/api.ts";
import type { Reader } from "../readers.ts";
import { type Kind, OWN_PERSON, OWNER } from "./kinds.ts";

/** One place in which a call names something that may be another's. */
export type Swap = {
  it: string;
  kind: Kind;
  /** The id as it is, and as it stands in a path. */
  send(id: string, spelled: string): Sent;
  /** Whose business it is, where that is not the kind's own rule; who has not the role is a stranger all the same. */
  isFor?: (reader: Reader) => boolean;
  roles?: RouteDefinition["roles"];
  /** It makes something of the caller's own. */
  makes?: true;
  /** It tells nobody of the thing, its owner neither. */
  hidden?: true;
  /** Every member may read of the thing: a stranger may be told that it is there, and is refused. */
  open?: true;
};
/** A route's places, or why it has none. */
export type SwapRow = readonly Swap[] | `none: ${string}`;
export type Sent = { method: string; path: string; body?: unknown; headers?: Record<string, string> };

const isOwners = ({ realm, party }: Reader): boolean => realm === "live" && party?.code === OWNER;
const isOwnersMember = ({ realm, party }: Reader): boolean => realm === "live" && party?.member === OWNER;
const isOfficer = (reader: Reader): boolean => isOwners(reader) && reader.role === "officer";
const isOwnPerson = ({ name }: Reader): boolean => name === OWN_PERSON;
const isOperator = ({ role }: Reader): boolean => role === "operator";

/** Who may do something with a thing of a kind, told a second time from DESIGN 3 and from nothing in the services. */
const BUSINESS: Partial<Record<Kind, (reader: Reader) => boolean>> = {
  key: (reader) => isOfficer(reader) || isOperator(reader),
  person: (reader) => isOfficer(reader) || isOperator(reader),
  agency: (reader) => isOfficer(reader) || isOperator(reader),
  member: isOperator,
  collection: isOwnersMember,
  realm: ({ realm }) => realm === "drill",
  cursor: ({ realm }) => realm === "drill",
  signInToken: () => false,
  ticket: () => false,
  exportKey: () => false,
  inboxItem: isOwnPerson,
  sentRed: isOwnPerson,
  redEntry: () => false,
  cosigned: isOwnersMember,
};

/** Lists of keys and people show each its own. */
export const listedTo = (reader: Reader): boolean => isOwnersMember(reader) || isOperator(reader);
/** Which agencies a member has, its players know in a drill, too. */
export const knowsAgencies = (reader: Reader): boolean =>
  reader.party?.member === OWNER || isOperator(reader);

export function isStranger(reader: Reader, { kind, isFor, roles = [] }: Swap): boolean {
  const mayCall = roles === "anyone" || roles.length === 0 || roles.some((role) => role === reader.role);
  return !mayCall || !(isFor ?? BUSINESS[kind] ?? isOwners)(reader);
}

/** An id in the path of a route, with a good body, so that a refusal is about whose it is. */
export function inPath(name: RouteName, kind: Kind, more: Partial<Sent & Swap> = {}): Swap {
  const { method, path, roles } = routes[name] as RouteDefinition;
  const { body, headers, isFor, hidden, open } = more;
  return {
    it: `${method} ${path}`,
    kind,
    roles,
    ...(isFor && { isFor }),
    ...(hidden && { hidden }),
    ...(open && { open }),
    send: (_id, spelled) => ({
      method,
      path: path.replace(/:(id|code|pair|seq)/, spelled),
      ...(body !== undefined && { body }),
      ...(headers && { headers }),
    }),
  };
}

/** An id anywhere else: `place` says where. */
export function elsewhere(
  name: RouteName,
  kind: Kind,
  place: string,
  send: (id: string) => Omit<Sent, "method" | "path"> & { query?: string },
  more: Pick<Swap, "isFor" | "makes" | "hidden" | "open"> = {},
): Swap {
  const { method, path, roles } = routes[name] as RouteDefinition;
  return {
    it: `${method} ${path}, ${place}`,
    kind,
    roles,
    ...more,
    send: (id) => {
      const { query = "", ...rest } = send(id);
      return { method, path: `${path}${query}`, ...rest };
    },
  };
}

/** As the owner's list tells of its place after its first row: `<time>.<id>`. */
export function cursorInto(name: RouteName, kind: Kind, isFor?: Swap["isFor"]): Swap {
  const after = (id: string) => ({ query: `?after=${SOME_TIME}.${encodeURIComponent(id)}` });
  return elsewhere(name, kind, "as a cursor", after, { hidden: true, ...(isFor && { isFor }) });
}

/** Microseconds of a time after everything of a test. */
const SOME_TIME = 4_000_000_000_000_000;

/** Asks again where only so many of its kind may be under way at once: other readers of a test ask for the same. */
export async function ask(api: Caller, { method, path, body, headers = {} }: Sent): Promise<Answer> {
  return await until(60_000, `an answer of ${method} ${path}`, async () => {
    const answer =
      typeof body === "string"
        ? await api.raw(path, body, headers)
        : await api.send(method, path, body, headers);
    return answer.status === 429 && answer.body?.code === "too-many-at-once" ? undefined : answer;
  });
}

/** Of what has to be alike: nothing that is of the moment, and nothing that says one of the `ids` that were asked for. */
export function shapeOf({ status, text, headers }: Answer, ...ids: string[]): Record<string, string> {
  const told = [...headers].flatMap(([name, value]) =>
    OF_THE_MOMENT.test(name) ? [[name, ""]] : [[name, neutral(value, ...ids)]],
  );
  return { ...Object.fromEntries(told), status: String(status), body: neutral(text, ...ids) };
}

/** Where two answers are not alike, and how; undefined where they are. */
export function unlike(one: Record<string, string>, other: Record<string, string>): string | undefined {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  const parts = [...names].filter((name) => one[name] !== other[name]);
  if (parts.length === 0) return undefined;
  const shown = parts.map((name) => {
    const from = sameUntil(one[name] ?? "", other[name] ?? "") - 100;
    return `${name}: ${cut(one[name], from)} instead of ${cut(other[name], from)}`;
  });
  return shown.join("; ");
}

function sameUntil(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

function cut(text: string | undefined, from: number): string {
  return text === undefined ? "nothing" : text.slice(Math.max(0, from), Math.max(0, from) + 300);
}

const OF_THE_MOMENT = /^(?:date|content-length|ratelimit.*)$/;

/** The serial of a zone is the second in which it was asked for. */
export function neutral(text: string, ...ids: string[]): string {
  return ids
    .reduce(withoutId, text)
    .replace(/"requestId":"[^"]+"/, '"requestId":""')
    .replace(/whsec_[\w/+=]+/g, "<secret>")
    .replace(/suar_[0-9a-z]{12}_[\w-]{43}/g, "<key>")
    .replace(/"id":"[0-9a-f]{12}"/g, '"id":"<key\'s id>"')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<uuid>")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
    .replace(/( SOA \S+ \S+) \d+/, "$1 <time>");
}

function withoutId(text: string, id: string): string {
  // A number stands in much that does not speak of the thing.
  if (/^\d{1,10}$/.test(id)) return text.replaceAll(`/${id}`, "/<id>");
  const spelled = [
    id,
    encodeURIComponent(id),
    id.toUpperCase(),
    id.toLowerCase(),
    id.replaceAll("-", ""),
    id.replace(/^.*:/, ""),
    // As an answer cuts it that names it.
    id.slice(0, 40),
    id.slice(0, 40).toLowerCase(),
  ];
  return spelled.reduce((told, one) => told.replaceAll(one, "<id>"), text);
}
