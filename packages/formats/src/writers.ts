import { csafWriter } from "./write/csaf/write-csaf.ts";
import type { ItemFormat } from "./write/export-format.ts";
import { atomWriter } from "./write/write-atom.ts";
import { csvWriter } from "./write/write-csv.ts";
import { hostsWriter } from "./write/write-hosts.ts";
import { writeList } from "./write/write-list.ts";
import { rpzWriter } from "./write/write-rpz.ts";
import { sigmaWriter } from "./write/write-sigma.ts";
import { snortWriter } from "./write/write-snort.ts";
import { stixWriter } from "./write/write-stix.ts";
import { suricataWriter } from "./write/write-suricata.ts";
import { zeekWriter } from "./write/write-zeek.ts";
import type { Writer } from "./write/writer.ts";

export const writers: Record<ItemFormat, Writer> = {
  stix: stixWriter,
  csv: csvWriter,
  atom: atomWriter,
  csaf: csafWriter("2.0"),
  "csaf-2.1": csafWriter("2.1"),
  "list-ipv4": writeList("ipv4", "cidr4"),
  "list-ipv6": writeList("ipv6", "cidr6"),
  "list-domain": writeList("domain"),
  "list-url": writeList("url"),
  "list-email": writeList("email"),
  "list-md5": writeList("md5"),
  "list-sha1": writeList("sha1"),
  "list-sha256": writeList("sha256"),
  hosts: hostsWriter,
  rpz: rpzWriter,
  suricata: suricataWriter,
  snort: snortWriter,
  zeek: zeekWriter,
  sigma: sigmaWriter,
};
