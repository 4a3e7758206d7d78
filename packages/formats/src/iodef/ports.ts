import { ownValue } from "../own-value.ts";
import type { Place, ReportReading } from "../report-reading.ts";
import { childrenOf, childText, type Element, plainText, within } from "../xml/element.ts";
import { lose } from "./lose.ts";

const PROTOCOLS: Readonly<Record<string, string>> = {
  1: "icmp",
  6: "tcp",
  17: "udp",
  58: "ipv6-icmp",
  132: "sctp",
};
const MOST_PORTS = 64;

export type Service = { element: Element; ports: readonly number[]; protocol: string | undefined };

/** Services that were spoken to or from (RFC 5070 §3.20); of long lists of ports it is told how many are left out. */
export function servicesIn(system: Element, place: Place, reading: ReportReading): Service[] {
  return [...within(system)]
    .filter(({ name }) => name === "Service")
    .map((element) => {
      const { ports, count, unread } = portsOf(element);
      if (count > ports.length)
        lose(
          reading,
          place,
          element,
          "Service",
          `Only the first ${MOST_PORTS} of ${count} ports are carried`,
        );
      for (const part of unread.slice(0, 10))
        lose(reading, place, element, "Service", `No port: ${part.slice(0, 80)}`);
      const number = element.attributes["ip-protocol"] ?? element.attributes.ip_protocol ?? "";
      const protocol = ownValue(PROTOCOLS, number);
      if (number !== "" && protocol === undefined)
        lose(reading, place, element, "ip-protocol", `No name for protocol ${number.slice(0, 20)}`);
      return { element, ports, protocol };
    });
}

/** `22,80-82`. */
function portsOf(service: Element): { ports: number[]; count: number; unread: string[] } {
  const written = [
    childText(service, "Port"),
    childText(service, "Portlist"),
    ...childrenOf(service, "PortList").map(plainText),
  ];
  const ports: number[] = [];
  const unread: string[] = [];
  let count = 0;
  for (const part of written.flatMap((text) => (text ?? "").split(",")).map((one) => one.trim())) {
    if (part === "") continue;
    const [, first, last = first] = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || to > 65_535 || to < from) {
      unread.push(part);
      continue;
    }
    count += to - from + 1;
    for (let port = from; port <= to && ports.length < MOST_PORTS; port += 1) ports.push(port);
  }
  return { ports, count, unread };
}
