import type { Gate } from "../context/gate.ts";
import { FORM } from "./stated.ts";

/** The salts of the two groups that are an entry's own; receivers are told one of them. */
type OwnSalts = { sent: Uint8Array; from: Uint8Array };

type Of = {
  kind: string;
  renditionId: number;
  audienceId: number;
  from: { stated?: { form: number } | undefined };
};
type Keys = Pick<Gate, "saltPages" | "leafSalts" | "leafMac">;

const SALT = 32;
const RENDITIONS = 128;

/** The bytes of a page: of each of so many renditions two salts. */
export const SALT_PAGE = RENDITIONS * 2 * SALT;

/**
 * By the form of the entry's version (`stated.ts`). Of form 4 they stand in a page for its kind and audience, at the place of
 * its rendition: those that follow one another are salted by one stream. Of form 3 they are halves of one hash, of forms
 * before each is hashed by itself.
 */
export function ownSalts(gate: Keys, of: Of): OwnSalts {
  const form = of.from.stated?.form;
  if (form === FORM) return fromPage(gate, of);
  const subject = `${of.kind} ${of.renditionId} ${of.audienceId}`;
  if (form === FORM_OF_HALVES) return halvesOf(gate.leafSalts(`suar/salt/2 ${subject}`));
  return { sent: saltOf(gate, "sent", subject), from: saltOf(gate, "from", subject) };
}

const FORM_OF_HALVES = 3;

export function saltOf({ leafMac: mac }: Pick<Gate, "leafMac">, name: string, subject: string): Uint8Array {
  return Buffer.from(mac(`suar/salt/1 ${name} ${subject}`), "hex");
}

/** As they stand: the hash is written over by the next. */
function halvesOf(both: Uint8Array): OwnSalts {
  return { sent: both.slice(0, SALT), from: both.slice(SALT) };
}

/** The page that was asked for last, of each kind and audience. */
type Pages = Map<string, Map<number, { number: number; bytes: Uint8Array }>>;

const held = new WeakMap<Gate["saltPages"], Pages>();
const MOST_PAGES = 256;

function fromPage({ saltPages }: Keys, { kind, renditionId, audienceId }: Of): OwnSalts {
  const number = Math.floor(renditionId / RENDITIONS);
  const pages = pagesOf(saltPages, kind);
  let page = pages.get(audienceId);
  if (page?.number !== number) {
    page = { number, bytes: saltPages(`suar/salt/3 ${kind} ${audienceId} ${number}`) };
    if (pages.size >= MOST_PAGES) pages.clear();
    pages.set(audienceId, page);
  }
  const at = (renditionId % RENDITIONS) * 2 * SALT;
  return { sent: page.bytes.subarray(at, at + SALT), from: page.bytes.subarray(at + SALT, at + 2 * SALT) };
}

function pagesOf(saltPages: Gate["saltPages"], kind: string): ReturnType<Pages["get"]> & object {
  const known = held.get(saltPages) ?? new Map();
  held.set(saltPages, known);
  const pages = known.get(kind) ?? new Map();
  known.set(kind, pages);
  return pages;
}
