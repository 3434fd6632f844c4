import { XMLParser } from 'fast-xml-parser'
import iconv from 'iconv-lite'

/** An element: its children by name, or its text. */
type Node = string | { readonly [name: string]: Node | readonly Node[] }

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: true,
  // XML's five entities, HTML's names, numbered characters. A document type, which alone can define more, is refused before.
  processEntities: true,
  htmlEntities: true,
})

/**
 * Reads an answer. A document type is refused whole: no entity is ever expanded, no file or address in one ever looked at.
 * @throws Error `answer-unreadable`
 */
export function readXml(text: string): Node {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new Error('answer-unreadable')
  try {
    const read: unknown = parser.parse(text, true)
    return read as Node
  } catch {
    throw new Error('answer-unreadable')
  }
}

/** The bytes as text: by the content type, else the XML declaration, where either names a Chinese character set; else as UTF-8. */
export function decodeXml(bytes: Buffer, contentType = ''): string {
  const start = bytes.subarray(0, 200).toString('latin1')
  const declared =
    /charset=["']?([\w-]+)/i.exec(contentType)?.[1] ??
    /^\s*<\?xml[^>]*encoding=["']([\w-]+)/i.exec(start)?.[1]
  const chinese = /^(gb18030|gbk|gb2312)$/i.test(declared ?? '')
  return iconv.decode(bytes, chinese ? 'gb18030' : 'utf-8')
}

/** Every node at a path of element names; `xml()` reads the text found so far as a document. @throws Error `answer-unreadable` */
export function nodesAt(root: Node, path: string): Node[] {
  let found: Node[] = [root]
  for (const name of path.split('/')) {
    found = found.flatMap((node) => {
      if (name === 'xml()') return typeof node === 'string' ? [readXml(node)] : []
      if (typeof node === 'string' || !Object.hasOwn(node, name)) return []
      const inner = node[name]
      return inner === undefined ? [] : Array.isArray(inner) ? (inner as Node[]) : [inner as Node]
    })
  }
  return found
}

/** The text at a path, null where there is no such element or it has elements inside. @throws Error `answer-unreadable` */
export function textAt(root: Node, path: string): string | null {
  const node = nodesAt(root, path)[0]
  return typeof node === 'string' ? node : null
}
