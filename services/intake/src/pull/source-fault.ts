/** Why a source that is no TAXII collection could not be pulled. The table is closed. */
export type SourceFaultCode =
  /** Its manifest is none of MISP's. */
  | "not-a-feed"
  /** What a feed gives for an event is none, or another. */
  | "not-an-event"
  /** A page for people where a file was to be. */
  | "not-a-file"
  /** It leads back to this platform. */
  | "own-platform"
  /** The folder is not there, or is none that may be read from. */
  | "no-folder"
  /** Files that cannot be read or moved. */
  | "unreadable";

/** What a pull ends with. The message says what to do about it. */
export class SourceFault extends Error {
  override readonly name = "SourceFault";
  readonly code: SourceFaultCode;

  constructor(code: SourceFaultCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
