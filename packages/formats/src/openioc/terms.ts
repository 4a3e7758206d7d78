import type { ObservableKind } from "@suar/stix";

/** What a search term of OpenIOC looks at, as a path of STIX patterns (§9.7). `kind` where its value is of one. */
export type Term = { path: string; type: "text" | "number" | "time"; kind?: ObservableKind };

const text = (path: string, kind?: ObservableKind): Term => ({ path, type: "text", ...(kind && { kind }) });
const number = (path: string): Term => ({ path, type: "number" });
const time = (path: string): Term => ({ path, type: "time" });

const REQUEST = "network-traffic:extensions.'http-request-ext'";
const PE = "file:extensions.'windows-pebinary-ext'";
const SERVICE = "process:extensions.'windows-service-ext'";

/** By the term in lower case. What has no path here has none in STIX, and is told as a loss. */
export const TERMS: ReadonlyMap<string, Term> = new Map<string, Term>(
  Object.entries({
    "FileItem/Md5sum": text("file:hashes.MD5", "md5"),
    "FileItem/Sha1sum": text("file:hashes.'SHA-1'", "sha1"),
    "FileItem/Sha256sum": text("file:hashes.'SHA-256'", "sha256"),
    "FileItem/Sha512sum": text("file:hashes.'SHA-512'", "sha512"),
    "FileItem/Ssdeep": text("file:hashes.SSDEEP", "ssdeep"),
    "FileItem/FileName": text("file:name", "filename"),
    "FileItem/FilePath": text("file:parent_directory_ref.path"),
    "FileItem/SizeInBytes": number("file:size"),
    "FileItem/Created": time("file:ctime"),
    "FileItem/Modified": time("file:mtime"),
    "FileItem/Accessed": time("file:atime"),
    "FileItem/PEInfo/PETimeStamp": time(`${PE}.time_date_stamp`),
    "FileItem/PEInfo/ImpHash": text(`${PE}.imphash`),
    "FileItem/PEInfo/Sections/Section/Name": text(`${PE}.sections[*].name`),
    "ProcessItem/name": text("process:image_ref.name"),
    "ProcessItem/path": text("process:image_ref.parent_directory_ref.path"),
    "ProcessItem/arguments": text("process:command_line"),
    "ProcessItem/pid": number("process:pid"),
    "ProcessItem/HandleList/Handle/Name": text("mutex:name", "mutex"),
    "RegistryItem/Path": text("windows-registry-key:key", "regkey"),
    "RegistryItem/KeyPath": text("windows-registry-key:key", "regkey"),
    "RegistryItem/ValueName": text("windows-registry-key:values[*].name"),
    "RegistryItem/Text": text("windows-registry-key:values[*].data"),
    "RegistryItem/Value": text("windows-registry-key:values[*].data"),
    "DnsEntryItem/Host": text("domain-name:value", "domain"),
    "DnsEntryItem/RecordName": text("domain-name:value", "domain"),
    "DnsEntryItem/RecordData/Host": text("domain-name:value", "domain"),
    "DnsEntryItem/RecordData/IPv4Address": text("ipv4-addr:value", "ipv4"),
    "DnsEntryItem/RecordData/IPv6Address": text("ipv6-addr:value", "ipv6"),
    "Network/DNS": text("domain-name:value", "domain"),
    "Network/URI": text("url:value", "url"),
    "Network/URL": text("url:value", "url"),
    "UrlHistoryItem/URL": text("url:value", "url"),
    "UrlHistoryItem/HostName": text("domain-name:value", "domain"),
    "FileDownloadHistoryItem/SourceURL": text("url:value", "url"),
    "Network/UserAgent": text(`${REQUEST}.request_header.'User-Agent'[0]`, "user-agent"),
    "Network/HTTP_Referr": text(`${REQUEST}.request_header.Referer[0]`),
    "PortItem/remoteIP": text("ipv4-addr:value", "ipv4"),
    "PortItem/localIP": text("network-traffic:src_ref.value"),
    "PortItem/remotePort": number("network-traffic:dst_port"),
    "PortItem/localPort": number("network-traffic:src_port"),
    "PortItem/protocol": text("network-traffic:protocols[*]"),
    "RouteEntryItem/Destination": text("ipv4-addr:value", "ipv4"),
    "Email/From": text("email-message:from_ref.value"),
    "Email/Subject": text("email-message:subject"),
    "Email/Body": text("email-message:body"),
    "Email/Attachment/Name": text("email-message:body_multipart[*].body_raw_ref.name"),
    "ServiceItem/name": text(`${SERVICE}.service_name`),
    "ServiceItem/descriptiveName": text(`${SERVICE}.display_name`),
    "ServiceItem/description": text(`${SERVICE}.descriptions[*]`),
    "UserItem/Username": text("user-account:account_login"),
  }).map(([name, term]) => [name.toLowerCase(), term]),
);
