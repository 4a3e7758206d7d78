type Json = Record<string, unknown>;
/** What of an event is otherwise in another: `at` is where it stands in the first. */
export type Difference = { at: string; field: string; before: unknown; after: unknown; type?: unknown };

type Flat = { at: string; object: string | undefined; attribute: Json };

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value));
const isOn = (value: unknown): boolean => value === true || value === 1 || value === "1";
const namesOf = (tags: unknown): string[] => [...new Set(list(tags).map(({ name }) => text(name)))].sort();

function flat(event: Json, base: string): Flat[] {
  const of = (attributes: unknown, at: string, object?: string): Flat[] =>
    list(attributes)
      .map((attribute, n) => ({ at: `${at}/Attribute/${n}`, object, attribute }))
      .filter(({ attribute }) => !isOn(attribute.deleted));
  const objects = list(event.Object).flatMap((one, n) =>
    isOn(one.deleted) ? [] : of(one.Attribute, `${base}/Object/${n}`, text(one.name)),
  );
  return [...of(event.Attribute, base), ...objects];
}

/** Registry keys are written out in full, names in small letters. */
const plain = (value: unknown): string =>
  text(value)
    .split("|")
    .map((half) => half.trim())
    .join("|")
    .toLowerCase()
    .replace(/\\+$/, "")
    .replace(/^hklm\\/, "hkey_local_machine\\")
    .replace(/^hkcu\\/, "hkey_current_user\\");

/** Every difference between an event that went in and what came out of it. Values that are said twice are one. */
export function compareEvents(before: Json, after: readonly Json[], base: string): Difference[] {
  const out = after.flatMap((event) => flat(event, ""));
  const byValue = Map.groupBy(out, ({ attribute }) => plain(attribute.value));
  const said = flat(before, base);
  const once = Map.groupBy(said, ({ attribute }) => plain(attribute.value));
  const found = said.flatMap((one) => compareAttribute(one, byValue, once));
  const event = after.find(({ info }) => info === before.info);
  return [
    ...found,
    ...compareHeads(before, event ?? {}, base),
    ...compareClusters(before, after, base),
    ...compareObjects(before, after, base),
  ];
}

const HEAD =
  "info date threat_level_id analysis uuid timestamp distribution event_creator_email extends_uuid".split(
    " ",
  );

function compareHeads(before: Json, after: Json, base: string): Difference[] {
  const heads = HEAD.map((field) => [field, text(before[field]), text(after[field])] as const);
  const who = (event: Json) => text((event.Orgc as Json | undefined)?.name);
  const related = (event: Json) => list(event.RelatedEvent).length;
  return [
    ...heads,
    ["Orgc", who(before), who(after)] as const,
    ["Tag", tagsOf(before), tagsOf(after)] as const,
    ["RelatedEvent", related(before), related(after)] as const,
    ["EventReport", reportsOf(before), reportsOf(after)] as const,
  ]
    .filter(([, was, is]) => JSON.stringify(was) !== JSON.stringify(is))
    .map(([field, was, is]) => ({ at: `${base}/${field}`, field, before: was, after: is }));
}

const reportsOf = (event: Json): string[] =>
  list(event.EventReport)
    .filter(({ deleted }) => !isOn(deleted))
    .map(({ name }) => text(name))
    .sort();

/** Markings have ways of their own: what an event is shared under is decided where it is submitted. */
function tagsOf(tagged: Json): string[] {
  return namesOf(tagged.Tag).filter((name) => !/^(?:tlp|pap|misp-galaxy):/i.test(name));
}

function clustersOf(tagged: Json, at: string): { at: string; cluster: Json }[] {
  return list(tagged.Galaxy).flatMap((galaxy, n) =>
    list(galaxy.GalaxyCluster).map((cluster, k) => ({ at: `${at}/Galaxy/${n}/GalaxyCluster/${k}`, cluster })),
  );
}

/** What clusters say, wherever they stand. */
function compareClusters(before: Json, after: readonly Json[], base: string): Difference[] {
  const all = (event: Json, at: string) => [
    ...clustersOf(event, at),
    ...flat(event, at).flatMap((one) => clustersOf(one.attribute, one.at)),
  ];
  const out = Map.groupBy(
    after.flatMap((event) => all(event, "")),
    ({ cluster }) => text(cluster.value),
  );
  const tags = new Set(
    after.flatMap((event) => [
      ...namesOf(event.Tag),
      ...flat(event, "").flatMap(({ attribute }) => namesOf(attribute.Tag)),
    ]),
  );
  return all(before, base).flatMap(({ at, cluster }): Difference[] => {
    const found = out.get(text(cluster.value))?.[0]?.cluster;
    if (found === undefined && !tags.has(text(cluster.tag_name)))
      return [{ at, field: "Galaxy", before: cluster.value, after: undefined }];
    const [was, is] = [cluster.meta as Json | undefined, found?.meta as Json | undefined];
    const lost = Object.keys(was ?? {}).filter((key) =>
      textsOf(was?.[key]).some((one) => !textsOf(is?.[key]).includes(one)),
    );
    const metas = lost.map((key) => ({
      at: `${at}/meta/${key}`,
      field: key,
      before: was?.[key],
      after: is?.[key],
    }));
    const description = text(cluster.description).trim();
    return description === text(found?.description).trim()
      ? metas
      : [
          ...metas,
          { at: `${at}/description`, field: "description", before: description, after: found?.description },
        ];
  });
}

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).map((one) => text(one).trim());

/** Comments and times of objects, and what they say of each other. */
function compareObjects(before: Json, after: readonly Json[], base: string): Difference[] {
  const out = after.flatMap((event) => [...list(event.Object), ...list(event.Attribute)]);
  const parts = after.flatMap((event) => flat(event, "").map(({ attribute }) => attribute));
  const comments = new Set([...out, ...parts].map(({ comment }) => text(comment).trim()));
  const times = seenTimes(after);
  const isSeenAt = (object: Json, time: number): boolean =>
    list(object.Attribute).some(({ value }) => times.get(plain(value))?.has(time));
  const references = Map.groupBy(
    after.flatMap((event) => list(event.Object)).flatMap((object) => list(object.ObjectReference)),
    ({ relationship_type: type }) => text(type),
  );
  return list(before.Object).flatMap((object, n): Difference[] => {
    if (isOn(object.deleted)) return [];
    const at = `${base}/Object/${n}`;
    const [comment, first] = [text(object.comment).trim(), text(object.first_seen)];
    const lost = list(object.ObjectReference).flatMap(({ relationship_type: type }, k): Difference[] =>
      (references.get(text(type)) ?? []).length >= countOf(before, text(type))
        ? []
        : [{ at: `${at}/ObjectReference/${k}`, field: text(type), before: type, after: undefined }],
    );
    return [
      ...lost,
      ...(comment === "" || comments.has(comment)
        ? []
        : [{ at: `${at}/comment`, field: "comment", before: comment, after: "" }]),
      ...(first === "" || isSeenAt(object, Date.parse(first))
        ? []
        : [{ at: `${at}/first_seen`, field: "first_seen", before: first, after: "" }]),
    ];
  });
}

/** When each value was seen, by itself or with its object. */
function seenTimes(events: readonly Json[]): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  const add = ({ value, first_seen: first }: Json): void => {
    const times = found.get(plain(value)) ?? new Set();
    found.set(plain(value), times.add(Date.parse(text(first))));
  };
  for (const event of events) {
    for (const attribute of list(event.Attribute)) add(attribute);
    for (const { Attribute, first_seen } of list(event.Object))
      for (const part of list(Attribute)) add({ first_seen, ...part });
  }
  return found;
}

function countOf(event: Json, type: string): number {
  return list(event.Object).reduce(
    (sum, { ObjectReference }) =>
      sum + list(ObjectReference).filter(({ relationship_type: own }) => text(own) === type).length,
    0,
  );
}

function compareAttribute(
  { at, object, attribute }: Flat,
  out: ReadonlyMap<string, Flat[]>,
  once: ReadonlyMap<string, Flat[]>,
): Difference[] {
  const value = plain(attribute.value);
  const same = out.get(value) ?? [];
  const found =
    same.find((one) => one.object === object && one.attribute.type === attribute.type) ??
    same.find((one) => one.attribute.type === attribute.type) ??
    same[0];
  // Said alone and within a composite, it is one thing.
  if (found === undefined && [...once.keys()].some((one) => out.has(one) && one.split("|").includes(value)))
    return [];
  if (found === undefined)
    return [{ at, field: "value", type: attribute.type, before: attribute.value, after: undefined }];
  const { attribute: after } = found;
  const isOnce = (once.get(value) ?? []).length === 1;
  const pairs: [string, unknown, unknown][] = [
    ["type", attribute.type, after.type],
    ["category", attribute.category, after.category],
    // Of what is said twice the first stands.
    ["to_ids", isOn(attribute.to_ids), isOnce ? isOn(after.to_ids) : isOn(attribute.to_ids)],
    [
      "comment",
      text(attribute.comment).trim(),
      isOnce ? text(after.comment) : text(attribute.comment).trim(),
    ],
    ["Tag", tagsOf(attribute), isOnce ? tagsOf(after) : tagsOf(attribute)],
    ["Object", object, found.object],
    ["Sighting", list(attribute.Sighting).length, list(after.Sighting).length],
  ];
  return pairs
    .filter(([, was, is]) => JSON.stringify(was) !== JSON.stringify(is))
    .map(([field, was, is]) => ({ at, field, before: was, after: is }));
}

/** Losses that are said once of an event, by what of its attributes they are of. */
function isOfClass(field: string, difference: Difference): boolean {
  const [, of] = /^Attribute\/(.+)$/.exec(field) ?? [];
  if (of === undefined) return false;
  if (difference.field === "EventReport") return /^(?:text|comment|other)$/.test(of);
  if (of === "category" || of === "to_ids") return difference.field === of;
  return difference.before === of || (difference.field === "value" && difference.type === of);
}

/** Differences that no loss names, and losses that name none. */
export function unexplained(
  differences: readonly Difference[],
  told: readonly { at: string; field: string }[],
): { unnamed: Difference[]; idle: { at: string; field: string }[] } {
  const names = (one: { at: string; field: string }, difference: Difference): boolean =>
    isOfClass(one.field, difference) ||
    (!one.field.startsWith("Attribute/") &&
      (one.at === difference.at ||
        one.at.startsWith(`${difference.at}/`) ||
        difference.at.startsWith(`${one.at}/`)));
  return {
    unnamed: differences.filter((difference) => !told.some((one) => names(one, difference))),
    idle: told.filter((one) => !differences.some((difference) => names(one, difference))),
  };
}
