import type { ObjectType } from "../type/object-type.ts";
import { artifact } from "./artifact.ts";
import { autonomousSystem } from "./autonomous-system.ts";
import { directory } from "./directory.ts";
import { domainName } from "./domain-name.ts";
import { emailAddr } from "./email-addr.ts";
import { emailMessage } from "./email-message.ts";
import { file } from "./file.ts";
import { ipv4Addr } from "./ipv4-addr.ts";
import { ipv6Addr } from "./ipv6-addr.ts";
import { macAddr } from "./mac-addr.ts";
import { mutex } from "./mutex.ts";
import { networkTraffic } from "./network-traffic.ts";
import { process } from "./process.ts";
import { software } from "./software.ts";
import { url } from "./url.ts";
import { userAccount } from "./user-account.ts";
import { windowsRegistryKey } from "./windows-registry-key.ts";
import { x509Certificate } from "./x509-certificate.ts";

/** The cyber-observable objects (chapter 6). */
export const SCO_TYPES: readonly ObjectType[] = [
  artifact,
  autonomousSystem,
  directory,
  domainName,
  emailAddr,
  emailMessage,
  file,
  ipv4Addr,
  ipv6Addr,
  macAddr,
  mutex,
  networkTraffic,
  process,
  software,
  url,
  userAccount,
  windowsRegistryKey,
  x509Certificate,
];
