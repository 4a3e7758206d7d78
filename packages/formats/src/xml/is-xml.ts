/** Whether a text begins as a document of XML does: a declaration, a comment or an element. */
export function isXml(head: string): boolean {
  return /^[\s\u00ef\u00bb\u00bf\u00ff\u00fe\0]*<[?!A-Za-z\0]/.test(head);
}
