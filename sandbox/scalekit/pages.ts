import { createHash } from 'node:crypto';

const STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #1f2328; --soft: #5b626b; --line: #d9d6cf; --accent: #0b6158; --on-accent: #fff; --card: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16181b; --ink: #eceae6; --soft: #a9adb3; --line: #3a3e44; --accent: #5cc4b4; --on-accent: #0c1a18; --card: #1d2024; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
.banner { padding: 8px 16px; border-bottom: 1px solid var(--line); color: var(--soft); font-size: 0.8rem; text-align: center; }
main { max-width: 30rem; margin: 48px auto; padding: 32px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
h1 { margin: 0 0 8px; font-size: 1.25rem; line-height: 1.3; }
p { margin: 0 0 16px; }
.small { color: var(--soft); font-size: 0.8rem; overflow-wrap: anywhere; }
fieldset { margin: 0 0 24px; padding: 0; border: 0; }
legend { padding: 0; margin-bottom: 8px; font-weight: 600; }
label { display: flex; gap: 8px; align-items: center; padding: 8px 16px; border: 1px solid var(--line); margin-top: -1px; cursor: pointer; }
label:first-of-type { border-radius: 6px 6px 0 0; }
label:last-of-type { border-radius: 0 0 6px 6px; }
input { accent-color: var(--accent); }
.actions { display: flex; gap: 8px; justify-content: flex-end; margin-bottom: 24px; }
main > :last-child { margin-bottom: 0; }
button { min-height: 40px; padding: 0 16px; border: 1px solid var(--line); border-radius: 6px; background: transparent; color: inherit; font: inherit; cursor: pointer; }
button.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media (max-width: 32rem) { main { margin: 0; border: 0; border-radius: 0; } }
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

export interface PageReply {
  status: number;
  html: string;
  headers: Record<string, string>;
}

/**
 * The consent page. It sets no `form-action`: Chromium applies that rule to the redirect after the post as well, and
 * the redirect leads to whatever address the link was minted with.
 */
export function consentPage(options: {
  session: string;
  provider: string;
  identifier: string;
  workspaces: readonly string[];
}): PageReply {
  const product = productName(options.provider);
  const choices = options.workspaces.map(
    (workspace, index) =>
      `<label><input type="radio" name="workspace" value="${escape(workspace)}"${index === 0 ? ' checked' : ''}> ${escape(workspace)}</label>`,
  );
  return page(
    200,
    `Allow access to ${product}`,
    `<h1>Website to Notion wants to use your ${escape(product)} workspace</h1>
<p>It will read, add and change the pages that you share with it.</p>
<form method="post" action="/consent/${escape(options.session)}">
<fieldset><legend>Workspace</legend>
${choices.join('\n')}
</fieldset>
<div class="actions">
<button type="submit" name="decision" value="cancel">Cancel</button>
<button type="submit" name="decision" value="allow" class="primary">Allow access</button>
</div>
</form>
<p class="small">Connected account: ${escape(options.identifier)}</p>`,
  );
}

/** A page that only says something. */
export function messagePage(status: number, title: string, text: string, detail = ''): PageReply {
  const small = detail === '' ? '' : `\n<p class="small">${escape(detail)}</p>`;
  return page(status, title, `<h1>${escape(title)}</h1>\n<p>${escape(text)}</p>${small}`);
}

function page(status: number, title: string, body: string): PageReply {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'`,
    },
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · Sandbox consent</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header class="banner">Sandbox consent · a stand-in on this computer, nothing leaves it</header>
<main>
${body}
</main>
</body>
</html>
`,
  };
}

/** `NOTION` → `Notion`. */
function productName(provider: string): string {
  return provider.charAt(0).toUpperCase() + provider.slice(1).toLowerCase();
}

function escape(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
