import { suarId } from "@suar/stix";
import { isVictims } from "../victims/victim-addresses.ts";
import { HASHES, OBSERVABLE } from "./common.ts";
import { all, type Choice, type Properties, type Shape } from "./shape.ts";

/*
 * SCOs (chapter 6). Bytes that nobody can look into (`payload_bin`), environments, headers and metadata that
 * name people and machines are left out: their producers would not know what they hand over.
 */

/** What an advisory says of a product beside its name: numbers, hashes, purls. */
const SOFTWARE_PRODUCT = suarId("extension-definition", "software-product", "1");

const FILE_EXTENSIONS: Properties = {
  "archive-ext": { contains_refs: "plain", comment: "prose" },
  "ntfs-ext": { sid: "account", alternate_data_streams: { name: "value", hashes: HASHES, size: "plain" } },
  "pdf-ext": {
    is_optimized: "plain",
    ...all("value", "version pdfid0 pdfid1"),
    document_info_dict: all("prose", "Title Subject Keywords Creator Producer CreationDate ModDate Trapped"),
  },
  "raster-image-ext": {
    ...all("plain", "image_height image_width bits_per_pixel"),
    exif_tags: all("prose", "Make Model Software Orientation XResolution YResolution ResolutionUnit"),
  },
  "windows-pebinary-ext": {
    ...all(
      "plain",
      "machine_hex number_of_sections time_date_stamp pointer_to_symbol_table_hex number_of_symbols",
    ),
    ...all("plain", "size_of_optional_header characteristics_hex"),
    ...all("value", "pe_type imphash"),
    file_header_hashes: HASHES,
    optional_header: {
      ...all(
        "plain",
        "magic_hex major_linker_version minor_linker_version size_of_code size_of_initialized_data",
      ),
      ...all(
        "plain",
        "size_of_uninitialized_data address_of_entry_point base_of_code base_of_data image_base",
      ),
      ...all(
        "plain",
        "section_alignment file_alignment major_os_version minor_os_version major_image_version",
      ),
      ...all(
        "plain",
        "minor_image_version major_subsystem_version minor_subsystem_version win32_version_value_hex",
      ),
      ...all("plain", "size_of_image size_of_headers checksum_hex subsystem_hex dll_characteristics_hex"),
      ...all("plain", "size_of_stack_reserve size_of_stack_commit size_of_heap_reserve size_of_heap_commit"),
      ...all("plain", "loader_flags_hex number_of_rva_and_sizes"),
      hashes: HASHES,
    },
    sections: { name: "value", ...all("plain", "size entropy"), hashes: HASHES },
  },
};

const TRAFFIC_EXTENSIONS: Properties = {
  "http-request-ext": {
    ...all("value", "request_method request_value request_version"),
    ...all("plain", "message_body_length message_body_data_ref"),
    request_header: all(
      "prose",
      "Accept Accept-Charset Accept-Encoding Accept-Language Cache-Control Connection Content-Length Content-Type Host User-Agent",
    ),
  },
  "icmp-ext": all("plain", "icmp_type_hex icmp_code_hex"),
  "socket-ext": {
    ...all("plain", "address_family is_blocking is_listening socket_type socket_descriptor socket_handle"),
    options: { "*": "plain" },
  },
  "tcp-ext": all("plain", "src_flags_hex dst_flags_hex"),
};

const PROCESS_EXTENSIONS: Properties = {
  "windows-process-ext": {
    ...all("plain", "aslr_enabled dep_enabled integrity_level"),
    ...all("prose", "priority window_title"),
    owner_sid: "account",
  },
  "windows-service-ext": {
    ...all("prose", "service_name descriptions display_name group_name"),
    ...all("plain", "start_type service_dll_refs service_type service_status"),
  },
};

const ACCOUNT_FLAGS = all(
  "plain",
  `is_service_account is_privileged can_escalate_privs is_disabled account_created account_expires
   credential_last_changed account_first_login account_last_login`,
);
const ACCOUNT_NAMES = "user_id account_login display_name";

const ACCOUNT: Properties = {
  ...OBSERVABLE,
  ...ACCOUNT_FLAGS,
  ...all("account", ACCOUNT_NAMES),
  credential: "account",
  account_type: "prose",
  extensions: { "unix-account-ext": { gid: "plain", groups: "prose", home_dir: "account", shell: "value" } },
};
const SERVICE_ACCOUNT: Properties = { ...ACCOUNT, ...all("prose", ACCOUNT_NAMES) };

/** §6.16: an account of a service is nobody's. */
const userAccount: Choice = ({ is_service_account: service }) =>
  service === true ? SERVICE_ACCOUNT : ACCOUNT;

/** An address is a person's where its producer said that it is a victim's, in whatever submission; else it is infrastructure. */
function ofVictims(other: Properties): Choice {
  const victims: Properties = { ...other, value: "victim" };
  return (object, { victims: known }) => (isVictims(object, known) ? victims : other);
}

const EMAIL: Properties = { ...OBSERVABLE, value: "plain", display_name: "person", belongs_to_ref: "plain" };
const IP: Properties = { ...OBSERVABLE, ...all("plain", "value resolves_to_refs belongs_to_refs") };

export const OBSERVABLES: Readonly<Record<string, Shape>> = {
  artifact: {
    ...OBSERVABLE,
    ...all("value", "mime_type url decryption_key"),
    hashes: HASHES,
    encryption_algorithm: "plain",
  },
  "autonomous-system": { ...OBSERVABLE, number: "plain", ...all("prose", "name rir") },
  directory: { ...OBSERVABLE, path: "value", ...all("plain", "path_enc ctime mtime atime contains_refs") },
  "domain-name": { ...OBSERVABLE, value: "value", resolves_to_refs: "plain" },
  "email-addr": ofVictims(EMAIL),
  "email-message": {
    ...OBSERVABLE,
    ...all("plain", "is_multipart date from_ref sender_ref to_refs cc_refs bcc_refs raw_email_ref"),
    ...all("prose", "content_type message_id subject received_lines body"),
    additional_header_fields: all(
      "prose",
      "Content-Language Content-Transfer-Encoding Importance MIME-Version Organization Reply-To User-Agent X-Mailer X-Priority",
    ),
    body_multipart: { ...all("prose", "body content_type content_disposition"), body_raw_ref: "plain" },
  },
  file: {
    ...OBSERVABLE,
    extensions: FILE_EXTENSIONS,
    hashes: HASHES,
    ...all("value", "name mime_type"),
    ...all(
      "plain",
      "size name_enc magic_number_hex ctime mtime atime parent_directory_ref contains_refs content_ref",
    ),
  },
  "ipv4-addr": ofVictims(IP),
  "ipv6-addr": ofVictims(IP),
  "mac-addr": { ...OBSERVABLE, value: "plain" },
  mutex: { ...OBSERVABLE, name: "value" },
  "network-traffic": {
    ...OBSERVABLE,
    extensions: TRAFFIC_EXTENSIONS,
    ...all("plain", "start end is_active src_ref dst_ref src_port dst_port src_byte_count dst_byte_count"),
    ...all(
      "plain",
      "src_packets dst_packets src_payload_ref dst_payload_ref encapsulates_refs encapsulated_by_ref",
    ),
    protocols: "prose",
  },
  process: {
    ...OBSERVABLE,
    extensions: PROCESS_EXTENSIONS,
    ...all(
      "plain",
      "is_hidden pid created_time opened_connection_refs creator_user_ref image_ref parent_ref child_refs",
    ),
    ...all("value", "cwd command_line"),
  },
  software: {
    ...OBSERVABLE,
    extensions: { [SOFTWARE_PRODUCT]: "value" },
    ...all("prose", "name vendor version"),
    ...all("value", "cpe swid"),
    languages: "plain",
  },
  url: { ...OBSERVABLE, value: "value" },
  "user-account": userAccount,
  "windows-registry-key": {
    ...OBSERVABLE,
    key: "value",
    values: { ...all("value", "name data"), data_type: "plain" },
    ...all("plain", "modified_time creator_user_ref number_of_subkeys"),
  },
  "x509-certificate": {
    ...OBSERVABLE,
    hashes: HASHES,
    ...all("plain", "is_self_signed validity_not_before validity_not_after subject_public_key_exponent"),
    ...all("value", "version serial_number signature_algorithm issuer subject subject_public_key_algorithm"),
    subject_public_key_modulus: "value",
    x509_v3_extensions: all(
      "value",
      `basic_constraints name_constraints policy_constraints key_usage extended_key_usage subject_key_identifier
       authority_key_identifier subject_alternative_name issuer_alternative_name crl_distribution_points
       inhibit_any_policy private_key_usage_period_not_before private_key_usage_period_not_after
       certificate_policies policy_mappings`,
    ),
  },
};
