import { z } from "zod";
import { NetworkTrafficExtensions } from "../extension/network-traffic-extensions.ts";
import { observableProperties } from "../type/object-properties.ts";
import { defineType, type Report } from "../type/object-type.ts";
import { Count, dictionary, Flag, Integer, list, Port, Text, Timestamp } from "../type/property-types.ts";
import { refTo } from "../type/reference-types.ts";
import { atLeastOne, notBefore } from "../type/rules.ts";

const EndpointRef = refTo("ipv4-addr", "ipv6-addr", "mac-addr", "domain-name");
const TrafficRef = refTo("network-traffic");

/** §6.12 Traffic that starts at one endpoint and ends at another. */
export const StixNetworkTraffic = z.looseObject({
  ...observableProperties("network-traffic"), // 3.2
  extensions: NetworkTrafficExtensions, // 6.12.1
  start: Timestamp.optional(), // 6.12.1
  end: Timestamp.optional(), // 6.12.1
  is_active: Flag.optional(), // 6.12.1
  src_ref: EndpointRef.optional(), // 6.12.1
  dst_ref: EndpointRef.optional(), // 6.12.1
  src_port: Port.optional(), // 6.12.1
  dst_port: Port.optional(), // 6.12.1
  protocols: list(Text), // 6.12.1
  src_byte_count: Count.optional(), // 6.12.1
  dst_byte_count: Count.optional(), // 6.12.1
  src_packets: Count.optional(), // 6.12.1
  dst_packets: Count.optional(), // 6.12.1
  ipfix: dictionary(z.union([Text, Integer])).optional(), // 6.12.1
  src_payload_ref: refTo("artifact").optional(), // 6.12.1
  dst_payload_ref: refTo("artifact").optional(), // 6.12.1
  encapsulates_refs: list(TrafficRef).optional(), // 6.12.1
  encapsulated_by_ref: TrafficRef.optional(), // 6.12.1
});
export type StixNetworkTraffic = z.infer<typeof StixNetworkTraffic>;

export const networkTraffic = defineType({
  type: "network-traffic",
  section: "6.12",
  family: "sco",
  schema: StixNetworkTraffic,
  rules: [atLeastOne("src_ref", "dst_ref"), notBefore("end", "start"), endedIsInactive], // 6.12.1
});

/** §6.12.1: with an end, `is_active` MUST be false; left out, it is not, and the OASIS library reads no such object. */
function endedIsInactive({ end, is_active }: StixNetworkTraffic, report: Report): void {
  if (end === undefined || is_active === false) return;
  const code = is_active === undefined ? "missing-property" : "not-allowed";
  report("/is_active", code, "must be false when there is an end");
}
