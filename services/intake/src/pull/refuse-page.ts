import { SourceFault } from "./source-fault.ts";

/** Throws `not-a-file` for a page for people, as sign-ins and "not found" that claim a success are. */
export function refusePage(headers: { get(name: string): string | null }): void {
  if (/\bhtml\b/i.test(headers.get("content-type") ?? ""))
    throw new SourceFault(
      "not-a-file",
      "It answers with a page for people: give the address of the file itself",
    );
}
