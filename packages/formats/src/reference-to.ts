import type { ExternalReference } from "./draft.ts";
import { drop } from "./drop.ts";

const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/;

/** An external reference; an address that is no absolute URL (STIX 2.1 §2.5) is told in its description instead. */
export function referenceTo(
  source_name: string,
  {
    url,
    id,
    description,
  }: { url?: string | undefined; id?: string | undefined; description?: string | undefined },
): ExternalReference {
  const isUrl = url !== undefined && ABSOLUTE.test(url);
  const told = [description, isUrl ? undefined : url]
    .filter((part) => part !== undefined && part !== "")
    .join(" ");
  return drop({
    source_name,
    url: isUrl ? url : undefined,
    external_id: id,
    description: told === "" && !isUrl && id === undefined ? source_name : told === "" ? undefined : told,
  });
}
