import { randomUUID } from "node:crypto";
import { AppError, type SightingReports } from "@suar/contract";
import { readers } from "@suar/formats";
import {
  type Directory,
  directoryOf,
  type OrganisationCaller,
  type Platform,
  type Realm,
} from "@suar/runtime";
import { parseOptions, requireInside, type SubmissionOptions } from "@suar/submit";
import type { z } from "zod";
import type { Input } from "../submission/input.ts";
import { findSighted, type Sightable } from "./find-sighted.ts";
import { type MadeSighting, makeSightings } from "./make-sightings.ts";

export type Reports = z.output<typeof SightingReports>;

/** Sightings as a submission that they become: a bundle of STIX, and under what it is said. */
export type SightingsInput = { made: readonly MadeSighting[]; options: SubmissionOptions; input: Input };

/**
 * What a caller says that it sighted, made into bundles. It may name what the caller may see and nothing else, which is asked
 * under row-level security. Throws `red-needs-people`: of TLP:RED nobody but people may know, and people sight nothing.
 */
export async function sightingsInputs(
  platform: Platform,
  realm: Realm,
  maxBytes: number,
  { organisation }: OrganisationCaller,
  { sightings, ...said }: Reports,
): Promise<SightingsInput[]> {
  const directory = directoryOf(realm, platform.directory);
  const options = await parseOptions({ ...said, purpose: undefined }, directory);
  if (options.tlp === "red" || options.people !== undefined)
    throw new AppError(
      "red-needs-people",
      "A sighting is said to organisations: use amber+strict, and name them",
    );
  requireInside(realm, options);
  const found = await realm.readAs(organisation.id, async (db) => await findSighted(db, sightings));
  const made = makeSightings(sightings, found, organisation, new Date().toISOString());
  const narrow = said.to === undefined ? made.filter(({ of }) => isNarrow(of, options, organisation.id)) : [];
  const wide = made.filter((one) => !narrow.includes(one));
  const to = await originatorsOf(narrow, directory, organisation.id);
  return [
    ...(wide.length > 0 ? [inputOf(wide, options, maxBytes)] : []),
    ...(narrow.length > 0 ? [inputOf(narrow, { ...options, to }, maxBytes)] : []),
  ];
}

const NARROW: ReadonlySet<unknown> = new Set(["amber", "amber+strict"]);

/** Whether its marking will let it go to nobody who is not named: by its own word, or by that of what it is of. */
function isNarrow({ stated }: Sightable, { tlp }: SubmissionOptions, self: number): boolean {
  const own = stated.filter(({ producer }) => producer === self);
  const isOf = (one: { tlp: unknown }): boolean => NARROW.has(one.tlp);
  return NARROW.has(tlp) || (own.length > 0 ? own.some(isOf) : stated.every(isOf));
}

/** Where nobody is named, those who state what was sighted; each gets what it stated itself, and no other's. */
async function originatorsOf(
  made: readonly MadeSighting[],
  directory: Directory,
  self: number,
): Promise<string[]> {
  const producers = new Set(made.flatMap(({ of }) => of.stated.map(({ producer }) => producer)));
  producers.delete(self);
  const parties = await Promise.all([...producers].map(async (id) => await directory.byId(id)));
  return parties.flatMap((party) => (party?.active === true ? [party.code] : []));
}

function inputOf(
  made: readonly MadeSighting[],
  options: SubmissionOptions,
  maxBytes: number,
): SightingsInput {
  const bundle = { type: "bundle", id: `bundle--${randomUUID()}`, objects: made.map(({ object }) => object) };
  const bytes = Buffer.from(JSON.stringify(bundle));
  const tooLarge = `At most ${maxBytes} bytes: say less at once`;
  if (bytes.length > maxBytes) throw new AppError("too-large", tooLarge);
  const bounds = { maxBytes, tooLarge, looked: maxBytes + 1 };
  return { made, options, input: { reader: readers.stix, source: oneChunk(bytes), told: true, ...bounds } };
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
