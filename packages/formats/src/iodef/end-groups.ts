import { quoted } from "../pattern-expression.ts";
import type { Place, ReportReading } from "../report-reading.ts";
import { canonicalOf } from "../value-kind.ts";
import type { Element } from "../xml/element.ts";
import { servicesIn } from "./ports.ts";
import { valuesIn } from "./system.ts";
import { type Group, groupOf, type IodefValue } from "./values.ts";

/** The addresses and names of an observable; where it names ports, each address with each of them. */
export function endsIn(element: Element, place: Place, reading: ReportReading): Group[] {
  const values = valuesIn(element, place, reading);
  const services = servicesIn(element, place, reading).filter(({ ports }) => ports.length > 0);
  if (services.length === 0) return values.map(groupOf);
  const addresses = values.filter(({ kind }) => kind === "ipv4" || kind === "ipv6");
  // A port belongs to what has an address; a name beside it is looked for by itself.
  const others = values.filter((value) => !addresses.includes(value)).map(groupOf);
  const ends: (IodefValue | undefined)[] = addresses.length > 0 ? addresses : [undefined];
  const pairs = ends.flatMap((end) =>
    services.flatMap(({ ports, protocol }) => ports.map((port) => ({ end, port, protocol }))),
  );
  return [...others, ...pairs.map(({ end, port, protocol }) => portGroup(end, port, protocol))];
}

function portGroup(end: IodefValue | undefined, port: number, protocol: string | undefined): Group {
  const canonical = end === undefined ? undefined : canonicalOf(end.kind, end.raw);
  const unsaid = canonical?.ok === false ? ["Address"] : [];
  return {
    parts: [
      ...(canonical?.ok === true
        ? [{ text: `network-traffic:dst_ref.value = ${quoted(canonical.value)}` }]
        : []),
      { text: `network-traffic:dst_port = ${port}` },
      ...(protocol === undefined ? [] : [{ text: `network-traffic:protocols[*] = ${quoted(protocol)}` }]),
    ],
    unsaid,
  };
}
