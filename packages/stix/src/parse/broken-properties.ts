import type { Report, Rule } from "../type/object-type.ts";

/** A rule asked for a property that is missing or has not its type: it has nothing to say. */
class BrokenProperty extends Error {
  override readonly name = "BrokenProperty";
}

/** Runs rules over an object; one that needs one of the broken properties is passed over. */
export function applyRules<T extends object>(
  rules: readonly Rule<T>[],
  object: T,
  broken: ReadonlySet<string>,
  report: Report,
): void {
  const sound = broken.size === 0 ? object : withoutBroken(object, broken);
  for (const rule of rules) {
    try {
      rule(sound, report);
    } catch (error) {
      if (!(error instanceof BrokenProperty)) throw error;
    }
  }
}

/** The object to a rule that presumes types: reading one of the broken properties throws a BrokenProperty. */
function withoutBroken<T extends object>(object: T, broken: ReadonlySet<string>): T {
  const get = (target: T, property: string | symbol): unknown => {
    if (typeof property === "string" && broken.has(property)) throw new BrokenProperty(property);
    return Reflect.get(target, property);
  };
  return new Proxy(object, { get });
}
