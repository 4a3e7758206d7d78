import { canonicalize, isObservable, kindsOfObject } from "@suar/stix";
import { isJsonRecord, type JsonRecord, listOf, textOf } from "../json-value.ts";
import { ownValue } from "../own-value.ts";
import { steadyId } from "../steady-id.ts";
import { HASHES, REMOVED, REMOVED_OF_EXTENSIONS, RENAMED } from "./renamed.ts";
import type { Loss } from "./upgrade-object.ts";

export type Upgraded = {
  object: JsonRecord;
  /** What it observed, as objects of their own. */
  observables: JsonRecord[];
  losses: Loss[];
};

/** One that refers to itself has no end. */
const DEEPEST = 50;

/**
 * Observed data of STIX 2.0, whose observables stand in it under keys of their own: as one of 2.1 that refers to them
 * by ids (§4.14.1, §2.9).
 */
export function upgradeObserved(object: JsonRecord): Upgraded {
  const { objects, ...rest } = object;
  const losses: Loss[] = [];
  const upgraded: JsonRecord = { ...rest, spec_version: "2.1" };
  if (!isJsonRecord(objects))
    return { object: { ...upgraded, ...(objects !== undefined && { objects }) }, observables: [], losses };
  const container = new Container(objects, textOf(object.id) ?? "", losses);
  const observables = Object.keys(objects)
    .map((key) => container.upgraded(key))
    .filter((one) => one !== undefined);
  upgraded.object_refs = [...new Set(observables.map(({ id }) => String(id)))];
  const granular = listOf(upgraded.granular_markings);
  const kept = granular.filter((one) => !namesObservable(one));
  if (kept.length < granular.length) {
    losses.push({
      field: "granular_markings",
      reason: "They mark parts of observables, which are objects of their own",
    });
    if (kept.length > 0) upgraded.granular_markings = kept;
    else delete upgraded.granular_markings;
  }
  return { object: upgraded, observables, losses };
}

function namesObservable(marking: unknown): boolean {
  return (
    isJsonRecord(marking) && listOf(marking.selectors).some((one) => /^objects(?:\.|$)/.test(String(one)))
  );
}

class Container {
  readonly #objects: JsonRecord;
  readonly #name: string;
  readonly #losses: Loss[];
  readonly #done = new Map<string, JsonRecord | undefined>();

  constructor(objects: JsonRecord, name: string, losses: Loss[]) {
    this.#objects = objects;
    this.#name = name;
    this.#losses = losses;
  }

  /** An observable under its id, after those that it refers to: their ids may be part of its own. */
  upgraded(key: string, depth = 0): JsonRecord | undefined {
    if (this.#done.has(key)) return this.#done.get(key);
    this.#done.set(key, undefined);
    const object = this.#objects[key];
    const type = isJsonRecord(object) ? textOf(object.type) : undefined;
    if (!isJsonRecord(object) || type === undefined || depth > DEEPEST) {
      this.#losses.push({ field: `objects/${key}`, reason: "Not an observable" });
      return undefined;
    }
    const renamed = withoutRemoved({ ...withNewNames(object, type), type }, key, this.#losses);
    const followed = this.#follow(renamed, [], key, depth) as JsonRecord;
    const whole = { ...canonical(followed, type), type, spec_version: "2.1" };
    const id = isObservable(type) ? steadyId(whole, `${this.#name}/${key}`) : undefined;
    const done = id === undefined ? undefined : { ...whole, id };
    if (done === undefined)
      this.#losses.push({
        field: `objects/${key}`,
        reason: `No observable of STIX 2.1: ${type.slice(0, 80)}`,
      });
    this.#done.set(key, done);
    return done;
  }

  #follow(value: unknown, names: readonly string[], key: string, depth: number): unknown {
    if (names.length > DEEPEST) return value;
    if (Array.isArray(value)) {
      const followed = value.map((one, at) => this.#follow(one, [...names, String(at)], key, depth));
      return followed.filter((one) => one !== undefined);
    }
    if (isJsonRecord(value)) {
      const entries = Object.entries(value).map(([name, inner]) => [
        name,
        this.#follow(inner, [...names, name], key, depth),
      ]);
      return Object.fromEntries(
        entries.filter(([, inner]) => inner !== undefined && !(Array.isArray(inner) && inner.length === 0)),
      );
    }
    const isReference = /_ref$/.test(names.at(-1) ?? "") || /_refs$/.test(names.at(-2) ?? "");
    if (!isReference || typeof value !== "string") return value;
    const target = Object.hasOwn(this.#objects, value) ? this.upgraded(value, depth + 1) : undefined;
    if (target === undefined)
      this.#losses.push({
        field: `objects/${key}/${names.join("/")}`,
        reason: "It leads to no observable of its container, or back",
      });
    return target?.id;
  }
}

function withNewNames(object: JsonRecord, type: string): JsonRecord {
  const names = ownValue(RENAMED, type) ?? {};
  const renamed = Object.entries(object).map(([name, value]): [string, unknown] => [
    Object.hasOwn(names, name) && object[names[name] ?? ""] === undefined ? (names[name] ?? name) : name,
    name === "extensions" ? withListsOfHeaders(value) : name === "hashes" ? withHashNames(value) : value,
  ]);
  return Object.fromEntries(renamed);
}

function withHashNames(hashes: unknown): unknown {
  if (!isJsonRecord(hashes)) return hashes;
  return Object.fromEntries(
    Object.entries(hashes).map(([name, value]) => [
      Object.hasOwn(HASHES, name) ? HASHES[name] : name,
      typeof value === "string" && /^[0-9A-F]+$/i.test(value) ? value.toLowerCase() : value,
    ]),
  );
}

/** §6.12.2: each header's values are a list since 2.1. */
function withListsOfHeaders(extensions: unknown): unknown {
  if (!isJsonRecord(extensions)) return extensions;
  const http = extensions["http-request-ext"];
  if (!isJsonRecord(http) || !isJsonRecord(http.request_header)) return extensions;
  const headers = Object.entries(http.request_header).map(([name, value]) => [
    name,
    typeof value === "string" ? [value] : value,
  ]);
  return { ...extensions, "http-request-ext": { ...http, request_header: Object.fromEntries(headers) } };
}

function withoutRemoved(object: JsonRecord & { type: string }, key: string, losses: Loss[]): JsonRecord {
  const kept: JsonRecord = { ...object };
  const lose = (from: JsonRecord, names: readonly string[], path: string): void => {
    for (const name of names) {
      if (from[name] === undefined) continue;
      losses.push({
        field: `${path}/${name}`,
        reason: `STIX 2.1 has it no more: ${String(from[name]).slice(0, 80)}`,
      });
      delete from[name];
    }
  };
  lose(kept, ownValue(REMOVED, object.type) ?? [], `objects/${key}`);
  if (!isJsonRecord(kept.extensions)) return kept;
  const extensions: JsonRecord = { ...kept.extensions };
  for (const [name, removed] of Object.entries(REMOVED_OF_EXTENSIONS)) {
    const extension = extensions[name];
    if (!isJsonRecord(extension)) continue;
    const copy = { ...extension };
    lose(copy, removed, `objects/${key}/extensions/${name}`);
    if (Object.keys(copy).length === 0) delete extensions[name];
    else extensions[name] = copy;
  }
  if (Object.keys(extensions).length === 0) delete kept.extensions;
  else kept.extensions = extensions;
  return kept;
}

/** In the one spelling that its id is made of; what has none stays as it is, for normalization to judge. */
function canonical(object: JsonRecord, type: string): JsonRecord {
  const { value } = object;
  for (const kind of typeof value === "string" ? kindsOfObject(type) : []) {
    const found = canonicalize(kind, String(value));
    if (found.ok) return { ...object, value: found.value };
  }
  return object;
}
