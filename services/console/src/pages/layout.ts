/** Text as HTML shows it. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function layout(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/style.css">
<a class="skip" href="#main">Skip to content</a>
<header><a href="/">Suar</a> <nav><a href="/docs">API</a> <a href="/policies">Policies</a> <a href="/problems">Problems</a> <a href="/openapi.json">OpenAPI</a></nav></header>
<main id="main">${body}</main>
</html>`;
}
