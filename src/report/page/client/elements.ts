/** Making elements. */

const SVG = 'http://www.w3.org/2000/svg';
type Attributes = Readonly<Record<string, string | number>>;

export function svgElement<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  content?: string,
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (content !== undefined) element.textContent = content;
  return element;
}

export function htmlElement<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  content?: string,
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (content !== undefined) element.textContent = content;
  return element;
}

/** Names of populations with their colours, in a line. */
export function keyLine(entries: readonly { readonly name: string; readonly color: string }[]) {
  const line = htmlElement('div', { class: 'keys' });
  for (const { name, color } of entries) {
    const entry = htmlElement('span', {}, name);
    entry.style.setProperty('--key', color);
    line.append(entry);
  }
  return line;
}
