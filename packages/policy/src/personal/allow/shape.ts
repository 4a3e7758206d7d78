/**
 * How a property that may cross a border is looked at.
 * - `plain`: not at all. Its form is held by the schema: ids, times, numbers, words of closed lists.
 * - `prose`: every detector.
 * - `value`: a technical value: every detector, by evidence that machines' numbers do not have.
 * - `person`, `account`: whatever it says is somebody's name or account.
 * - `victim`: an address that is a victim's.
 * - `pattern`: a pattern, by its language.
 */
export type FieldKind = "plain" | "prose" | "value" | "person" | "account" | "victim" | "pattern";

/**
 * What is known to be victims': ids, and canonical keys of addresses (`Victims`). Addresses are found by `named` alone
 * where a pattern looks for them.
 */
export type PersonalContext = { victims?: ReadonlySet<string>; named?: ReadonlySet<string> };

/** Chooses by what the object itself says. */
export type Choice = (
  object: Readonly<Record<string, unknown>>,
  context: PersonalContext,
) => Shape | undefined;

/**
 * The allow-list of an object: the names of what may cross a border, down to its leaves. `*` is a dictionary
 * whose keys its producer chooses, so that they are looked at too. Of a list each item has the list's shape.
 * What is not named is `unlisted`.
 */
export type Properties = { readonly [name: string]: Shape };
export type Shape = FieldKind | Choice | Properties;

/** Names that share one shape, as one line. */
export function all<S extends Shape>(shape: S, names: string): Record<string, S> {
  return Object.fromEntries(names.split(/\s+/).map((name) => [name, shape]));
}

/** The shape of one member of an object or dictionary; undefined for what is not on the list. */
export function shapeOfMember(shape: Shape | undefined, key: string): Shape | undefined {
  if (typeof shape !== "object") return shape;
  if (Object.hasOwn(shape, key)) return shape[key];
  return shape["*"];
}

/** Follows choices until there is a list or a kind. */
export function resolvedShape(
  shape: Shape | undefined,
  value: unknown,
  context: PersonalContext,
): FieldKind | Properties | undefined {
  let at = shape;
  while (typeof at === "function") at = at(value as Readonly<Record<string, unknown>>, context);
  return at;
}
