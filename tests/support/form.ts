/** A field's name and text, or a file. */
export type Part = readonly [name: string, text: string] | { file: string; type: string };

const BOUNDARY = "----suar-form";

/** A multipart form, with its parts in the given order. */
export function formOf(parts: readonly Part[]): { body: string; headers: Record<string, string> } {
  const written = parts.map((part) => {
    const [head, text] =
      "file" in part
        ? [`name="file"; filename="report"\r\ncontent-type: ${part.type}`, part.file]
        : [`name="${part[0]}"`, part[1]];
    return `--${BOUNDARY}\r\ncontent-disposition: form-data; ${head}\r\n\r\n${text}\r\n`;
  });
  return {
    body: `${written.join("")}--${BOUNDARY}--\r\n`,
    headers: { "content-type": `multipart/form-data; boundary=${BOUNDARY}` },
  };
}
