import { matchPattern } from "../pattern/match/match-pattern.ts";

export const AT = (second: number): string => `2024-05-01T10:00:${String(second).padStart(2, "0")}Z`;

/** Observed Data with its objects beside it; `spans` are seconds of one minute. */
export function seen(n: number, span: [number, number], objects: object[], count = 1): object {
  const own = objects.map((object, o) => ({ id: `x-${n}-${o}`, ...object }));
  const data = {
    type: "observed-data",
    id: `observed-data--${n}`,
    first_observed: AT(span[0]),
    last_observed: AT(span[1]),
    number_observed: count,
    object_refs: own.map(({ id }) => id),
  };
  return { type: "bundle", id: `bundle--${n}`, objects: [data, ...own] };
}

export function idsOf(pattern: string, observed: readonly unknown[]): string[] | string | undefined {
  const result = matchPattern(pattern, observed);
  if (!result.ok) return result.message;
  return result.match ? result.observations.map((id) => id.replace("observed-data--", "")).sort() : undefined;
}

export const FILE = {
  type: "file",
  name: "caf\u00e9.exe",
  size: 1024,
  hashes: { MD5: "79054025255fb1a26e4bc422aef54eb4", "SHA-256": "aa" },
  extensions: {
    "windows-pebinary-ext": {
      sections: [
        { name: ".text", entropy: 6.5 },
        { name: "UPX0", entropy: 7.9 },
      ],
    },
  },
  x_flag: true,
  created: "2024-01-01T00:00:00.10Z",
  x_list: [3, "three"],
  payload_bin: "aGVsbG8=",
  magic_hex: "504b0304",
};
