const BLOCK = 512;
/** A name has a hundred bytes, and a folder before it 155 (POSIX.1-2017, pax, ustar). */
const LONGEST = { name: 100, prefix: 155 };

/** One file of a tar archive with its header, as text: names are of ASCII, content is written in UTF-8. */
export function tarEntry(path: string, content: string, at: number): string {
  const cut = path.lastIndexOf("/");
  const [prefix, name] = cut === -1 ? ["", path] : [path.slice(0, cut), path.slice(cut + 1)];
  if (name.length > LONGEST.name || prefix.length > LONGEST.prefix || !/^[\x21-\x7e]+$/.test(path))
    throw new RangeError("a name that no tar archive has");
  const size = Buffer.byteLength(content);
  const fields = [
    name.padEnd(LONGEST.name, "\0"),
    octal(0o644, 8) + octal(0, 8) + octal(0, 8),
    octal(size, 12) + octal(Math.floor(at / 1_000) || 0, 12),
    " ".repeat(8),
    `0${"\0".repeat(100)}ustar\0${"00"}${"\0".repeat(64)}${octal(0, 8)}${octal(0, 8)}`,
    prefix.padEnd(LONGEST.prefix, "\0"),
  ];
  const header = fields.join("").padEnd(BLOCK, "\0");
  const sum = [...header].reduce((total, sign) => total + sign.charCodeAt(0), 0);
  const [before, after] = [header.slice(0, 148), header.slice(156)];
  return `${before}${octal(sum, 7)} ${after}${content}${"\0".repeat(-size & (BLOCK - 1))}`;
}

/** What ends an archive. */
export const TAR_END = "\0".repeat(2 * BLOCK);

/** What does not fit is as much as fits: of times, one in the year 2242. */
function octal(value: number, width: number): string {
  return `${Math.min(Math.max(0, value), 8 ** (width - 1) - 1)
    .toString(8)
    .padStart(width - 1, "0")}\0`;
}
