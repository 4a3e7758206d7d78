import { ADDRESS_KINDS, type ObservableKind } from "@suar/stix";
import { among, refer, relative, type Template, to } from "./template.ts";

const MAIL: readonly ObservableKind[] = ["email"];
const HOST: readonly ObservableKind[] = [...ADDRESS_KINDS, "domain"];
const SOURCE = refer("src_ref", "", "value", HOST);
const DESTINATION = refer("dst_ref", "", "value", HOST);

const TRAFFIC = {
  "ip-src": SOURCE,
  "ip-dst": DESTINATION,
  "hostname-src": SOURCE,
  "hostname-dst": DESTINATION,
  "src-port": to("src_port", "integer"),
  "dst-port": to("dst_port", "integer"),
  "first-packet-seen": to("start", "time"),
} as const;

const ACCOUNT = {
  username: to("account_login"),
  "user-id": to("user_id"),
  "display-name": to("display_name"),
  password: to("credential"),
} as const;

/** Accounts of one service, which MISP has a template for each. */
const accountOf = (account_type: string, fields: Template["fields"]): Template => ({
  type: "user-account",
  fixed: { account_type },
  needs: ["account_login", "user_id", "display_name"],
  fields,
});

const CERTIFICATE = {
  subject: to("subject"),
  issuer: to("issuer"),
  "serial-number": to("serial_number"),
  version: to("version"),
  "validity-not-before": to("validity_not_before", "time"),
  "validity-not-after": to("validity_not_after", "time"),
  signature_algorithm: to("signature_algorithm"),
  "pubkey-info-algorithm": to("subject_public_key_algorithm"),
  "pubkey-info-modulus": to("subject_public_key_modulus"),
  "pubkey-info-exponent": to("subject_public_key_exponent", "integer"),
  self_signed: to("is_self_signed", "flag"),
  "x509-fingerprint-md5": to("hashes.MD5", "digest"),
  "x509-fingerprint-sha1": to("hashes.SHA-1", "digest"),
  "x509-fingerprint-sha256": to("hashes.SHA-256", "digest"),
} as const;

/** What is observed: SCOs. */
export const OBSERVABLE_TEMPLATES: Readonly<Record<string, Template>> = {
  email: {
    type: "email-message",
    fixed: { is_multipart: false },
    needs: [
      "from_ref",
      "to_refs",
      "cc_refs",
      "bcc_refs",
      "subject",
      "message_id",
      "body",
      "body_multipart",
      "received_lines",
      "additional_header_fields",
    ],
    fields: {
      from: refer("from_ref", "email-addr", "value", MAIL),
      to: refer("to_refs.[]", "email-addr", "value", MAIL),
      cc: refer("cc_refs.[]", "email-addr", "value", MAIL),
      bcc: refer("bcc_refs.[]", "email-addr", "value", MAIL),
      "reply-to": to("additional_header_fields.Reply-To"),
      "return-path": to("additional_header_fields.Return-Path"),
      "x-mailer": to("additional_header_fields.X-Mailer"),
      "user-agent": to("additional_header_fields.User-Agent"),
      "thread-index": to("additional_header_fields.Thread-Index"),
      "from-display-name": to("additional_header_fields.From-Display-Name"),
      "mime-boundary": to("additional_header_fields.MIME-Boundary"),
      subject: to("subject"),
      "message-id": to("message_id"),
      "send-date": to("date", "time"),
      header: to("received_lines.[]"),
      "received-header": to("received_lines.[]"),
      "email-body": to("body", "paragraph"),
      attachment: refer("body_multipart.[]", "file", "name", ["filename"]),
    },
  },
  "network-connection": {
    type: "network-traffic",
    needs: ["src_ref", "dst_ref"],
    fields: {
      ...TRAFFIC,
      "layer3-protocol": to("protocols.[]"),
      "layer4-protocol": to("protocols.[]"),
      "layer7-protocol": to("protocols.[]"),
      "last-packet-seen": to("end", "time"),
      "dst-bytes-count": to("dst_byte_count", "integer"),
      "src-bytes-count": to("src_byte_count", "integer"),
      "dst-packets-count": to("dst_packets", "integer"),
      "src-packets-count": to("src_packets", "integer"),
    },
  },
  "network-socket": {
    type: "network-traffic",
    needs: ["src_ref", "dst_ref"],
    fields: {
      ...TRAFFIC,
      protocol: to("protocols.[]"),
      "last-packet-seen": to("end", "time"),
      "address-family": among(
        "extensions.socket-ext.address_family",
        "AF_UNSPEC AF_INET AF_IPX AF_APPLETALK AF_NETBIOS AF_INET6 AF_IRDA AF_BTH",
        { af_bluetooth: "AF_BTH" },
      ),
      "socket-type": among(
        "extensions.socket-ext.socket_type",
        "SOCK_STREAM SOCK_DGRAM SOCK_RAW SOCK_RDM SOCK_SEQPACKET",
      ),
    },
  },
  "ip-port": {
    type: "network-traffic",
    needs: ["src_ref", "dst_ref"],
    fields: {
      "ip-src": SOURCE,
      "ip-dst": DESTINATION,
      ip: DESTINATION,
      hostname: DESTINATION,
      domain: DESTINATION,
      "src-port": to("src_port", "integer"),
      "dst-port": to("dst_port", "integer"),
      protocol: to("protocols.[]"),
    },
  },
  "http-request": {
    type: "network-traffic",
    needs: ["dst_ref"],
    fields: {
      "ip-src": SOURCE,
      "ip-dst": DESTINATION,
      host: DESTINATION,
      method: to("extensions.http-request-ext.request_method"),
      uri: to("extensions.http-request-ext.request_value"),
      "user-agent": to("extensions.http-request-ext.request_header.User-Agent.[]"),
      cookie: to("extensions.http-request-ext.request_header.Cookie.[]"),
      referer: to("extensions.http-request-ext.request_header.Referer.[]"),
      "content-type": to("extensions.http-request-ext.request_header.Content-Type.[]"),
    },
  },
  x509: {
    type: "x509-certificate",
    needs: ["hashes", "serial_number", "subject", "issuer", "subject_public_key_modulus"],
    fields: CERTIFICATE,
  },
  "registry-key": {
    type: "windows-registry-key",
    needs: ["key"],
    fields: {
      key: to("key"),
      hive: to("hive"),
      name: to("values.0.name"),
      data: to("values.0.data"),
      "data-type": among(
        "values.0.data_type",
        "REG_NONE REG_SZ REG_EXPAND_SZ REG_BINARY REG_DWORD REG_DWORD_BIG_ENDIAN REG_DWORD_LITTLE_ENDIAN REG_LINK " +
          "REG_MULTI_SZ REG_RESOURCE_LIST REG_RESOURCE_REQUIREMENTS_LIST REG_QWORD REG_INVALID_TYPE",
        {
          reg_full_resource_descriptor: "REG_FULL_RESOURCE_DESCRIPTION",
          reg_qword_little_endian: "REG_QWORD",
        },
      ),
      "last-modified": to("modified_time", "time"),
    },
  },
  process: {
    type: "process",
    needs: ["pid", "command_line", "cwd", "image_ref", "created_time", "creator_user_ref"],
    fields: {
      pid: to("pid", "integer"),
      "command-line": to("command_line", "word"),
      args: to("command_line", "word"),
      "current-directory": to("cwd"),
      "creation-time": to("created_time", "time"),
      "start-time": to("created_time", "time"),
      hidden: to("is_hidden", "flag"),
      image: refer("image_ref", "file", "name", ["filename"]),
      name: refer("image_ref", "file", "name", ["filename"]),
      user: refer("creator_user_ref", "user-account", "account_login"),
      "integrity-level": among("extensions.windows-process-ext.integrity_level", "low medium high system"),
      "parent-pid": relative("parent_ref", "pid", "integer"),
      "parent-command-line": relative("parent_ref", "command_line"),
    },
  },
  asn: {
    type: "autonomous-system",
    needs: ["number"],
    fields: { asn: to("number", "integer"), name: to("name"), description: to("name"), rir: to("rir") },
  },
  software: {
    type: "software",
    needs: ["name"],
    fields: {
      name: to("name"),
      version: to("version"),
      vendor: to("vendor"),
      cpe: to("cpe"),
      swid: to("swid"),
      language: to("languages.[]"),
    },
  },
  mutex: { type: "mutex", needs: ["name"], fields: { name: to("name") } },
  directory: {
    type: "directory",
    needs: ["path"],
    fields: {
      path: to("path"),
      "path-encoding": to("path_enc"),
      "creation-time": to("ctime", "time"),
      "modification-time": to("mtime", "time"),
      "access-time": to("atime", "time"),
    },
  },
  "user-account": {
    type: "user-account",
    needs: ["account_login", "user_id", "display_name", "credential"],
    fields: {
      ...ACCOUNT,
      "account-type": to("account_type"),
      can_escalate_privs: to("can_escalate_privs", "flag"),
      disabled: to("is_disabled", "flag"),
      is_service_account: to("is_service_account", "flag"),
      privileged: to("is_privileged", "flag"),
      created: to("account_created", "time"),
      expires: to("account_expires", "time"),
      first_login: to("account_first_login", "time"),
      last_login: to("account_last_login", "time"),
      password_last_changed: to("credential_last_changed", "time"),
      group: to("extensions.unix-account-ext.groups.[]"),
      "group-id": to("extensions.unix-account-ext.gid", "integer"),
      home_dir: to("extensions.unix-account-ext.home_dir"),
      shell: to("extensions.unix-account-ext.shell"),
    },
  },
  credential: { type: "user-account", needs: ["account_login"], fields: ACCOUNT },
  "facebook-account": accountOf("facebook", {
    "account-id": to("user_id"),
    "account-name": to("account_login"),
  }),
  "github-user": accountOf("github", { id: to("user_id"), username: to("account_login") }),
  "gitlab-user": accountOf("gitlab", {
    id: to("user_id"),
    username: to("account_login"),
    name: to("display_name"),
  }),
  "reddit-account": accountOf("reddit", { "account-id": to("user_id"), "account-name": to("account_login") }),
  "telegram-account": accountOf("telegram", { id: to("user_id"), username: to("account_login") }),
  "twitter-account": accountOf("twitter", {
    id: to("user_id"),
    name: to("account_login"),
    displayed_name: to("display_name"),
    "display-name": to("display_name"),
  }),
};
