/** Pieces of HTML from words and numbers. */

/** Text as content or attribute of an element. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

export interface TableColumn {
  readonly heading: string;
  /** Numbers stand right-aligned. */
  readonly numeric?: boolean;
}

/**
 * @param rows cells as HTML
 * @param caption what the table shows, as HTML
 */
export function htmlTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  caption?: string,
): string {
  const kind = ({ numeric }: TableColumn) => (numeric ? ' class="number"' : '');
  const head = columns.map((c) => `<th scope="col"${kind(c)}>${escapeHtml(c.heading)}</th>`);
  const body = rows.map((row) => {
    const cells = row.map((cell, i) => `<td${kind(columns[i]!)}>${cell}</td>`);
    return `<tr>${cells.join('')}</tr>`;
  });
  return [
    '<div class="table"><table>',
    ...(caption === undefined ? [] : [`<caption>${caption}</caption>`]),
    `<thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>${body.join('\n')}</tbody>`,
    '</table></div>',
  ].join('\n');
}

/** Terms and what they are, as a description list; the values are HTML. */
export function htmlFacts(facts: readonly (readonly [term: string, value: string])[]): string {
  const rows = facts.map(
    ([term, value]) => `<div><dt>${escapeHtml(term)}</dt><dd>${value}</dd></div>`,
  );
  return `<dl class="facts">${rows.join('')}</dl>`;
}

/** A command or another line of code, with a button that copies it. */
export function htmlCode(code: string): string {
  return `<div class="code"><code>${escapeHtml(code)}</code><button type="button" class="copy">Copy</button></div>`;
}
