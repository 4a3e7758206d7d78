import type { z } from "zod";

/** Whether a value is one that a schema accepts. */
export type Check = (value: unknown) => boolean;

const compiled = new WeakMap<z.core.$ZodType, Check>();

/**
 * The verdict of a zod schema alone, many times faster: zod builds a copy of all that it parses, and its list of
 * issues, which nobody needs of what is valid. Where a check says true the schema accepts; where it says false,
 * the schema is to be asked, and says why.
 *
 * Throws an Error for a kind of schema that it does not know, when it is compiled and not when it is used.
 */
export function compileCheck(schema: z.core.$ZodType): Check {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const check = withChecks(shapeCheck(def), def.checks ?? []);
  compiled.set(schema, check);
  return check;
}

function shapeCheck(def: z.core.$ZodTypes["_zod"]["def"]): Check {
  switch (def.type) {
    case "unknown":
      return () => true;
    case "string":
      return (value) => typeof value === "string";
    case "boolean":
      return (value) => typeof value === "boolean";
    case "number":
      return "format" in def && def.format === "safeint" ? Number.isSafeInteger : Number.isFinite;
    case "literal":
      return oneOf(def.values);
    case "enum":
      return oneOf(Object.values(def.entries));
    case "optional": {
      const inner = compileCheck(def.innerType);
      return (value) => value === undefined || inner(value);
    }
    case "union": {
      const options = def.options.map(compileCheck);
      return (value) => options.some((option) => option(value));
    }
    case "array":
      return listOf(compileCheck(def.element));
    case "record":
      return recordOf(compileCheck(def.keyType), compileCheck(def.valueType));
    case "object":
      return objectOf(def.shape, def.catchall);
    default:
      throw new Error(`a schema of kind ${def.type} cannot be compiled`);
  }
}

function oneOf(values: readonly unknown[]): Check {
  const [first] = values;
  if (values.length === 1) return (value) => value === first;
  const all = new Set(values);
  return (value) => all.has(value);
}

function listOf(item: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (let at = 0; at < value.length; at += 1) if (!item(value[at])) return false;
    return true;
  };
}

function recordOf(key: Check, member: Check): Check {
  return (value) => {
    if (!isPlain(value)) return false;
    for (const name in value) if (!key(name) || !member(value[name])) return false;
    return true;
  };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function objectOf(shape: z.core.$ZodShape, catchall: z.core.$ZodType | undefined): Check {
  const members = new Map(
    Object.entries(shape).map(([name, schema]) => {
      const check = compileCheck(schema);
      return [name, { check, isRequired: !check(undefined) }];
    }),
  );
  const required = [...members.values()].filter(({ isRequired }) => isRequired).length;
  const rest = catchall === undefined || isAnything(catchall) ? undefined : compileCheck(catchall);
  return (value) => {
    if (!isPlain(value)) return false;
    let found = 0;
    for (const name in value) {
      const member = members.get(name);
      if (member === undefined) {
        if (rest !== undefined && !rest(value[name])) return false;
      } else if (!member.check(value[name])) return false;
      else if (member.isRequired) found += 1;
    }
    return found === required;
  };
}

function isAnything(schema: z.core.$ZodType): boolean {
  return schema._zod.def.type === "unknown" && schema._zod.def.checks === undefined;
}

function withChecks(shape: Check, checks: readonly z.core.$ZodCheck<never>[]): Check {
  const all = checks.map(checkOf);
  const [first, second] = all;
  if (first === undefined) return shape;
  if (second === undefined) return (value) => shape(value) && first(value);
  return (value) => shape(value) && all.every((check) => check(value));
}

type Sized = { length: number };

/** Those that are met often, and zod's own word for all others. */
function checkOf(check: z.core.$ZodCheck<never>): Check {
  const { def } = check._zod as z.core.$ZodChecks["_zod"];
  if (def.check === "string_format" && "pattern" in def && def.pattern !== undefined) {
    const { pattern } = def;
    return (value) => pattern.test(value as string);
  }
  if (def.check === "min_length" && "minimum" in def) {
    const { minimum } = def;
    return (value) => (value as Sized).length >= minimum;
  }
  // A refinement is a function of the value; a super-refinement reports by itself.
  const { fn } = def as { fn?: unknown };
  if (typeof fn === "function") return (value) => Boolean(fn(value));
  return (value) => {
    const payload = { value, issues: [] } as unknown as z.core.ParsePayload<never>;
    check._zod.check(payload);
    return payload.issues.length === 0;
  };
}
