import { describe, expect, it } from 'vitest'
import { mediaTypeOf, readParts } from '../../../src/server/archive/dicomweb/multipart.ts'

/** The message in pieces of `size` bytes, as a network may deliver it. */
async function* pieces(message: Buffer, size: number) {
  for (let at = 0; at < message.length; at += size) yield message.subarray(at, at + size)
}
async function collect(message: Buffer, size = message.length, boundary = 'b-1') {
  const parts: { headers: object; body: Buffer }[] = []
  for await (const { headers, body } of readParts(pieces(message, size), boundary)) {
    const chunks: Buffer[] = []
    for await (const chunk of body) chunks.push(chunk)
    parts.push({ headers: Object.fromEntries(headers), body: Buffer.concat(chunks) })
  }
  return parts
}
const message = (text: string) => Buffer.from(text, 'latin1')
const binary = 'a\r\nb\r\n--b\r\n--b-2\0\xff--\r\n'
const two = message(
  `--b-1\r\nContent-Type: image/jls; transfer-syntax=1.2.840.10008.1.2.4.80\r\nMIME-Version: 1.0\r\n\r\n${binary}\r\n` +
    '--b-1\r\ncontent-length: 3\r\n\r\nabc\r\n--b-1--\r\n',
)

describe('multipart', () => {
  it('is the same however it is cut into pieces', async () => {
    for (let size = 1; size <= two.length; size += 1) {
      const parts = await collect(two, size)
      expect(parts).toEqual([
        {
          headers: {
            'content-type': 'image/jls; transfer-syntax=1.2.840.10008.1.2.4.80',
            'mime-version': '1.0',
          },
          body: message(binary),
        },
        { headers: { 'content-length': '3' }, body: message('abc') },
      ])
    }
  })

  it('preamble, epilogue, blanks after the boundary, folded and missing headers', async () => {
    const odd = message(
      'to be ignored\r\n--b-1 \t\r\nContent-Type: text/plain;\r\n charset=x\r\n\r\none\r\n--b-1\r\n\r\ntwo\r\n--b-1--\r\nignored',
    )
    expect(await collect(odd, 3)).toEqual([
      { headers: { 'content-type': 'text/plain; charset=x' }, body: message('one') },
      { headers: {}, body: message('two') },
    ])
  })

  it('a part that is not read is skipped', async () => {
    const seen: string[] = []
    for await (const { headers } of readParts(pieces(two, 7), 'b-1')) seen.push([...headers.keys()][0] ?? '')
    expect(seen).toEqual(['content-type', 'content-length'])
  })

  it('no part at all', async () => {
    expect(await collect(message('--b-1--\r\n'))).toEqual([])
  })

  it.each([
    ['ends before its boundary', two.subarray(0, -12)],
    ['ends in its headers', two.subarray(0, 30)],
    ['is empty', Buffer.alloc(0)],
    ['has another boundary', message('--other\r\n\r\nx\r\n--other--\r\n')],
    ['has headers without end', message(`--b-1\r\nX: ${'y'.repeat(20_000)}`)],
    ['has a boundary that goes on', message('--b-1xyz\r\n\r\nbody\r\n--b-1--')],
  ])('a message that %s is an error', async (_, broken) => {
    await expect(collect(broken)).rejects.toMatchObject({ name: 'MultipartError' })
  })

  it('media types: quoted parameters may hold semicolons', () => {
    const { type, parameters } = mediaTypeOf(
      'Multipart/Related; type="application/octet-stream; transfer-syntax=1.2"; Boundary=abc-1; start="<1>"',
    )
    expect(type).toBe('multipart/related')
    expect(parameters.get('boundary')).toBe('abc-1')
    expect(parameters.get('type')).toBe('application/octet-stream; transfer-syntax=1.2')
  })
})
