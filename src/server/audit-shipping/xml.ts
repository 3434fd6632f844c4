/** One element, its attributes in the order given; one that is undefined is left out. */
export interface Element {
  name: string
  attributes?: Readonly<Record<string, string | undefined>>
  children?: readonly (Element | string)[]
}

/** The element as XML 1.0, without declaration and white space. What XML cannot hold becomes U+FFFD. */
export function xmlOf({ name, attributes = {}, children = [] }: Element): string {
  const shown = Object.entries(attributes)
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .map(([attribute, value]) => ` ${attribute}="${escaped(value)}"`)
    .join('')
  if (children.length === 0) return `<${name}${shown}/>`
  const inner = children.map((child) => (typeof child === 'string' ? escaped(child) : xmlOf(child)))
  return `<${name}${shown}>${inner.join('')}</${name}>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** XML 1.0, production 2 (Char). Lone surrogates are no characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(notXml, '\ufffd')
    .replace(/[\t\r\n]/g, ' ')
    .replace(/[&<>"]/g, (mark) => entities[mark] ?? mark)
}
