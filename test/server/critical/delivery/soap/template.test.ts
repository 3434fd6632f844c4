import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { compileTemplate, escapeXml } from '../../../../../src/server/critical/delivery/soap/template.ts'
import { hostileText } from '../messages.ts'

const names = ['a.b', 'c.d'] as const
const compile = (text: string) => compileTemplate(text, 'notice.xml', names)
const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: false,
  htmlEntities: true,
})
const read = (xml: string) => {
  expect(XMLValidator.validate(xml)).toBe(true)
  return parser.parse(xml)
}
/** What XML 1.0 has no place for is replaced; a line break is a line feed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const expected = hostileText.replace(/[\u0000\u0001]/g, '\uFFFD').replace('\r\n', '\n')

describe('templates', () => {
  it('hold any text in elements, attributes and CDATA', () => {
    const fill = compile('<x y="{{a.b}}"><t>{{ a.b }}</t><c><![CDATA[{{a.b}}]]></c><z>{{c.d}}</z></x>')
    const { x } = read(fill({ 'a.b': hostileText, 'c.d': ']]>' }))
    expect([x.t, x['@_y'], x.c, x.z]).toEqual([expected, expected, expected, ']]>'])
  })

  it('escape inside a document in a CDATA section as that document needs it', () => {
    const fill = compile('<x><![CDATA[<in><n>{{a.b}}</n></in>]]></x>')
    const { x } = read(fill({ 'a.b': `${hostileText}</n><n>forged`, 'c.d': '' }))
    expect(read(x).in.n).toBe(`${expected}</n><n>forged`)
  })

  it('replace what XML cannot hold: half a surrogate pair, U+FFFF, control characters', () => {
    expect(escapeXml('\ud800a\uffff\u0007\r')).toBe('\uFFFDa\uFFFD\uFFFD\n')
    expect(escapeXml('𠮷😀')).toBe('𠮷😀')
  })

  it.each([
    ['an unknown placeholder', '<x>\n\n{{a.x}}</x>', 'notice.xml:3: unknown placeholder {{a.x}}'],
    ['an unclosed placeholder', '<x>\n{{a.b</x>', 'notice.xml:2: {{ without }}'],
    ['no XML', '<x>\n<y></x>', /^notice\.xml:2: /],
    ['a placeholder for an element name', '<x>\n<{{a.b}}/></x>', /^notice\.xml:\d: /],
    ['a placeholder among attributes', '<x {{a.b}}></x>', /^notice\.xml:1: /],
    ['a placeholder without quotes', '<x y={{a.b}}></x>', /^notice\.xml:1: /],
    ['prototype names', '<x>{{constructor}}</x>', 'notice.xml:1: unknown placeholder {{constructor}}'],
  ])('refuse %s, naming file and line', (_, text, error) => {
    expect(() => compile(text)).toThrow(error)
  })

  it('leave comments out, placeholders in them too', () => {
    expect(compile('<x><!-- {{secret}}\n -->{{a.b}}</x>')({ 'a.b': '1', 'c.d': '' })).toBe('<x>\n1</x>')
  })
})
