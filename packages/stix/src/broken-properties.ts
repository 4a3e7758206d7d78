/** A rule asked for a property that is missing or has not its type: it has nothing to say. */
export class BrokenProperty extends Error {
  override readonly name = "BrokenProperty";
}

/** The object to a rule that presumes types: reading one of the broken properties throws a BrokenProperty. */
export function withoutBroken<T extends object>(object: T, broken: ReadonlySet<string>): T {
  const get = (target: T, property: string | symbol): unknown => {
    if (typeof property === "string" && broken.has(property)) throw new BrokenProperty(property);
    return Reflect.get(target, property);
  };
  return new Proxy(object, { get });
}
