/**
 * A page that needs nothing but itself: one HTML document with its style, data and code. The same
 * page gives the same bytes.
 */
import { createHash } from 'node:crypto';
import { clientScript } from './client-script.js';
import { encodeData } from './data.js';
import { escapeHtml } from './html.js';
import { STYLE } from './style.js';

export interface PageSection {
  /** Of its element, and what the contents link to. */
  readonly id: string;
  readonly title: string;
  /** HTML. */
  readonly body: string;
}

export interface Page {
  readonly title: string;
  /** HTML under the title. */
  readonly lead: string;
  readonly sections: readonly PageSection[];
  /** The entry among the modules in `client/`, without extension. */
  readonly script: string;
  /** What the code works on: JSON, with typed arrays. */
  readonly data: unknown;
  /** Whether the page may talk to the server that it came from; otherwise it can reach nothing. */
  readonly connected?: boolean;
}

/** The document, in pieces. */
export function pageHtml({ title, lead, sections, script, data, connected }: Page): string[] {
  const code = clientScript(script);
  const contents = sections.map(
    (section) => `<li><a href="#${section.id}">${escapeHtml(section.title)}</a></li>`,
  );
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    `<meta http-equiv="Content-Security-Policy" content="${policy(code, connected === true)}">\n`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
    '<meta name="color-scheme" content="light dark">\n',
    '<link rel="icon" href="data:,">\n',
    `<title>${escapeHtml(title)}</title>\n<style>\n${STYLE}</style>\n</head>\n<body>\n`,
    '<a class="skip" href="#content">Skip to the content</a>\n',
    `<header>\n<div class="heading"><h1>${escapeHtml(title)}</h1>${THEME_CHOICE}</div>\n`,
    `${lead}\n</header>\n`,
    `<nav aria-label="Contents"><ul>${contents.join('')}</ul></nav>\n`,
    '<main id="content">\n',
    ...sections.map(sectionHtml),
    '</main>\n<noscript><p class="remark">What can be moved on this page needs JavaScript.</p></noscript>\n',
    `<script type="application/json" id="data">${encodeData(data)}</script>\n`,
    `<script>${code}</script>\n</body>\n</html>\n`,
  ];
}

/** Only the page's own script runs, and nothing is loaded from anywhere. */
function policy(code: string, connected: boolean): string {
  const sum = createHash('sha256').update(code).digest('base64');
  const sources = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    `script-src 'sha256-${sum}'`,
    ...(connected ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return sources.join('; ');
}

const THEME_CHOICE = `<label class="theme">Appearance <select id="theme">
<option value="">as the system</option><option value="light">light</option><option value="dark">dark</option>
</select></label>`;

function sectionHtml({ id, title, body }: PageSection): string {
  return `<section id="${id}" aria-labelledby="${id}-title">\n<h2 id="${id}-title">${escapeHtml(title)}</h2>\n${body}\n</section>\n`;
}
