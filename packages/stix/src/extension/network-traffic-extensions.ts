import { z } from "zod";
import { Count, dictionary, Flag, Hex, Integer, list, Text } from "../type/property-types.ts";
import { refTo } from "../type/reference-types.ts";
import { extensionsOf, withOneOf } from "./extensions-of.ts";

/** §6.12.2: each header's values are a list, since a header may be repeated. */
const HttpRequestExt = z.looseObject({
  request_method: Text, // 6.12.2.1
  request_value: Text, // 6.12.2.1
  request_version: Text.optional(), // 6.12.2.1
  request_header: dictionary(list(Text)).optional(), // 6.12.2.1
  message_body_length: Integer.optional(), // 6.12.2.1
  message_body_data_ref: refTo("artifact").optional(), // 6.12.2.1
});

/** §6.12.3 */
const IcmpExt = z.looseObject({
  icmp_type_hex: Hex, // 6.12.3.1
  icmp_code_hex: Hex, // 6.12.3.1
});

/** network-socket-address-family-enum */
const AddressFamily = z.enum([
  "AF_UNSPEC",
  "AF_INET",
  "AF_IPX",
  "AF_APPLETALK",
  "AF_NETBIOS",
  "AF_INET6",
  "AF_IRDA",
  "AF_BTH",
]);

/** network-socket-type-enum */
const SocketType = z.enum(["SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW", "SOCK_RDM", "SOCK_SEQPACKET"]);

/** §6.12.4 */
const SocketExt = z.looseObject({
  address_family: AddressFamily, // 6.12.4.1
  is_blocking: Flag.optional(), // 6.12.4.1
  is_listening: Flag.optional(), // 6.12.4.1
  options: dictionary(Integer).optional(), // 6.12.4.1
  socket_type: SocketType.optional(), // 6.12.4.1
  socket_descriptor: Count.optional(), // 6.12.4.1
  socket_handle: Integer.optional(), // 6.12.4.1
});

/** §6.12.5 */
const TcpExt = withOneOf({
  src_flags_hex: Hex.optional(), // 6.12.5.1
  dst_flags_hex: Hex.optional(), // 6.12.5.1
});

/** The four extensions predefined for network traffic. */
export const NetworkTrafficExtensions = extensionsOf({
  "http-request-ext": HttpRequestExt,
  "icmp-ext": IcmpExt,
  "socket-ext": SocketExt,
  "tcp-ext": TcpExt,
});
