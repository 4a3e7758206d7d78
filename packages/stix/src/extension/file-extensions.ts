import { z } from "zod";
import {
  Count,
  dictionary,
  Flag,
  Float,
  Hashes,
  Hex,
  Integer,
  list,
  OpenVocabulary,
  Text,
  Timestamp,
} from "../type/property-types.ts";
import { refTo } from "../type/reference-types.ts";
import { extensionsOf, withOneOf } from "./extensions-of.ts";

/** §6.7.2 */
const ArchiveExt = z.looseObject({
  contains_refs: list(refTo("file", "directory")), // 6.7.2.1
  comment: Text.optional(), // 6.7.2.1
});

/** §6.7.3 */
const AlternateDataStream = z.looseObject({
  name: Text, // 6.7.3.2
  hashes: Hashes.optional(), // 6.7.3.2
  size: Count.optional(), // 6.7.3.2
});
const NtfsExt = withOneOf({
  sid: Text.optional(), // 6.7.3.1
  alternate_data_streams: list(AlternateDataStream).optional(), // 6.7.3.1
});

/** §6.7.4 */
const PdfExt = withOneOf({
  version: Text.optional(), // 6.7.4.1
  is_optimized: Flag.optional(), // 6.7.4.1
  document_info_dict: dictionary(Text).optional(), // 6.7.4.1
  pdfid0: Text.optional(), // 6.7.4.1
  pdfid1: Text.optional(), // 6.7.4.1
});

/** §6.7.5 */
const RasterImageExt = withOneOf({
  image_height: Integer.optional(), // 6.7.5.1
  image_width: Integer.optional(), // 6.7.5.1
  bits_per_pixel: Integer.optional(), // 6.7.5.1
  exif_tags: dictionary(z.union([Text, Integer])).optional(), // 6.7.5.1
});

/** §6.7.6.2 */
const WindowsPeOptionalHeader = withOneOf({
  magic_hex: Hex.optional(), // 6.7.6.2
  major_linker_version: Integer.optional(), // 6.7.6.2
  minor_linker_version: Integer.optional(), // 6.7.6.2
  size_of_code: Count.optional(), // 6.7.6.2
  size_of_initialized_data: Count.optional(), // 6.7.6.2
  size_of_uninitialized_data: Count.optional(), // 6.7.6.2
  address_of_entry_point: Integer.optional(), // 6.7.6.2
  base_of_code: Integer.optional(), // 6.7.6.2
  base_of_data: Integer.optional(), // 6.7.6.2
  image_base: Integer.optional(), // 6.7.6.2
  section_alignment: Integer.optional(), // 6.7.6.2
  file_alignment: Integer.optional(), // 6.7.6.2
  major_os_version: Integer.optional(), // 6.7.6.2
  minor_os_version: Integer.optional(), // 6.7.6.2
  major_image_version: Integer.optional(), // 6.7.6.2
  minor_image_version: Integer.optional(), // 6.7.6.2
  major_subsystem_version: Integer.optional(), // 6.7.6.2
  minor_subsystem_version: Integer.optional(), // 6.7.6.2
  win32_version_value_hex: Hex.optional(), // 6.7.6.2
  size_of_image: Count.optional(), // 6.7.6.2
  size_of_headers: Count.optional(), // 6.7.6.2
  checksum_hex: Hex.optional(), // 6.7.6.2
  subsystem_hex: Hex.optional(), // 6.7.6.2
  dll_characteristics_hex: Hex.optional(), // 6.7.6.2
  size_of_stack_reserve: Count.optional(), // 6.7.6.2
  size_of_stack_commit: Count.optional(), // 6.7.6.2
  size_of_heap_reserve: Count.optional(), // 6.7.6.2
  size_of_heap_commit: Count.optional(), // 6.7.6.2
  loader_flags_hex: Hex.optional(), // 6.7.6.2
  number_of_rva_and_sizes: Integer.optional(), // 6.7.6.2
  hashes: Hashes.optional(), // 6.7.6.2
});

/** §6.7.6.3 */
const WindowsPeSection = z.looseObject({
  name: Text, // 6.7.6.3
  size: Count.optional(), // 6.7.6.3
  entropy: Float.optional(), // 6.7.6.3
  hashes: Hashes.optional(), // 6.7.6.3
});

/** §6.7.6.1: besides its type, at least one property. */
const WindowsPeBinaryExt = withOneOf(
  {
    pe_type: OpenVocabulary, // 6.7.6.1, windows-pebinary-type-ov
    imphash: Text.optional(), // 6.7.6.1
    machine_hex: Hex.optional(), // 6.7.6.1
    number_of_sections: Count.optional(), // 6.7.6.1
    time_date_stamp: Timestamp.optional(), // 6.7.6.1
    pointer_to_symbol_table_hex: Hex.optional(), // 6.7.6.1
    number_of_symbols: Count.optional(), // 6.7.6.1
    size_of_optional_header: Count.optional(), // 6.7.6.1
    characteristics_hex: Hex.optional(), // 6.7.6.1
    file_header_hashes: Hashes.optional(), // 6.7.6.1
    optional_header: WindowsPeOptionalHeader.optional(), // 6.7.6.1
    sections: list(WindowsPeSection).optional(), // 6.7.6.1
  },
  "pe_type",
);

/** The five extensions predefined for a file. */
export const FileExtensions = extensionsOf({
  "archive-ext": ArchiveExt,
  "ntfs-ext": NtfsExt,
  "pdf-ext": PdfExt,
  "raster-image-ext": RasterImageExt,
  "windows-pebinary-ext": WindowsPeBinaryExt,
});
