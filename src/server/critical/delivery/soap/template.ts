import { XMLValidator } from 'fast-xml-parser'

/** XML with placeholders `{{alert.id}}`, compiled. */
export type Template<N extends string> = (values: Readonly<Record<N, string>>) => string

type Piece = string | { name: string; escape: (value: string) => string }

/** Every character that XML has a use for, so that a placeholder in a place where text cannot be made safe is found at once. */
const sample = `"' <>&]]> --x=`

/**
 * Compiles a template. Values are escaped for where they stand: in text and attributes as XML; in a CDATA section as they
 * are, except that a section which holds markup is a document of its own, in which values are escaped as well. Comments
 * are left out.
 * @throws Error `file:line: …` for a placeholder that is not one of `names`, and where the result would be no XML
 */
export function compileTemplate<N extends string>(
  text: string,
  file: string,
  names: readonly N[],
): Template<N> {
  const known = new Set<string>(names)
  const bare = text
    .replace(/^\uFEFF/, '')
    .replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ''))
  const pieces: Piece[] = []
  let at = 0
  for (const found of bare.matchAll(/\{\{([^{}\n]*)\}\}/g)) {
    const name = (found[1] ?? '').trim()
    if (!known.has(name))
      throw new Error(`${file}:${lineAt(bare, found.index)}: unknown placeholder {{${name}}}`)
    pieces.push(bare.slice(at, found.index), { name, escape: escapeAt(bare, found.index) })
    at = found.index + found[0].length
  }
  pieces.push(bare.slice(at))
  for (const piece of pieces)
    if (typeof piece === 'string' && piece.includes('{{'))
      throw new Error(`${file}:${lineAt(bare, bare.indexOf(piece) + piece.indexOf('{{'))}: {{ without }}`)

  const fill = (value: (name: string) => string) =>
    pieces.map((piece) => (typeof piece === 'string' ? piece : piece.escape(value(piece.name)))).join('')
  const validity = XMLValidator.validate(fill(() => sample))
  if (validity !== true) throw new Error(`${file}:${validity.err.line}: ${validity.err.msg}`)
  return (values) => fill((name) => values[name as N])
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

function escapeAt(text: string, index: number): (value: string) => string {
  const opened = text.lastIndexOf('<![CDATA[', index)
  if (opened < 0 || text.indexOf(']]>', opened) < index) return escapeXml
  const section = text.slice(opened + '<![CDATA['.length, text.indexOf(']]>', opened))
  // What is escaped has no > and so cannot end the section.
  return section.includes('<') ? escapeXml : escapeCdata
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Text as it may stand in an element or an attribute. */
export function escapeXml(text: string): string {
  return xmlCharacters(text).replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

function escapeCdata(text: string): string {
  return xmlCharacters(text).replaceAll(']]>', ']]]]><![CDATA[>')
}

/** A line break is a line feed (2.11). XML 1.0 (2.2) has no place for other control characters, half a surrogate pair, U+FFFE and U+FFFF, not even escaped. */
function xmlCharacters(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\t\n\r\u0020-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}
