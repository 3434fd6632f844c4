import { describe, expect, it } from 'vitest'
import {
  createPartReader,
  MultipartError,
  mediaTypeOf,
} from '../../../src/server/archive/dicomweb/multipart.ts'

/** The parts, of a message that comes in pieces of `size` bytes; `counts` says which parts' Content-Length is believed. */
function collect(message: Buffer, { size = message.length, boundary = 'b-1', counts = false } = {}) {
  const parts: { headers: object; body: Buffer }[] = []
  const reader = createPartReader(boundary, (headers) => {
    const pieces: Buffer[] = []
    const length = counts && headers.has('content-length') ? Number(headers.get('content-length')) : null
    return {
      length,
      write: (piece) => void pieces.push(Buffer.from(piece)),
      end: () => void parts.push({ headers: Object.fromEntries(headers), body: Buffer.concat(pieces) }),
    }
  })
  for (let at = 0; at < message.length; at += size) reader.write(message.subarray(at, at + size))
  reader.end()
  return parts
}
const message = (text: string) => Buffer.from(text, 'latin1')
const binary = 'a\r\nb\r\n--b\r\n--b-2\0\xff--\r\n'
const two = message(
  `--b-1\r\nContent-Type: image/jls; transfer-syntax=1.2.840.10008.1.2.4.80\r\nMIME-Version: 1.0\r\n\r\n${binary}\r\n` +
    '--b-1\r\ncontent-length: 3\r\n\r\nabc\r\n--b-1--\r\n',
)

describe('multipart', () => {
  it.each([false, true])('is the same however it is cut into pieces, lengths believed: %s', (counts) => {
    for (let size = 1; size <= two.length; size += 1) {
      expect(collect(two, { size, counts })).toEqual([
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

  it('preamble, epilogue, blanks after the boundary, folded and missing headers', () => {
    const odd = message(
      'to be ignored\r\n--b-1 \t\r\nContent-Type: text/plain;\r\n charset=x\r\n\r\none\r\n--b-1\r\n\r\ntwo\r\n--b-1--\r\nignored',
    )
    expect(collect(odd, { size: 3 })).toEqual([
      { headers: { 'content-type': 'text/plain; charset=x' }, body: message('one') },
      { headers: {}, body: message('two') },
    ])
  })

  it('a part that nobody takes is skipped', () => {
    const seen: string[] = []
    const reader = createPartReader('b-1', (headers) => {
      seen.push([...headers.keys()][0] ?? '')
      return null
    })
    for (let at = 0; at < two.length; at += 7) reader.write(two.subarray(at, at + 7))
    reader.end()
    expect(seen).toEqual(['content-type', 'content-length'])
  })

  it('a body whose length is known may hold its boundary', () => {
    const body = 'x\r\n--b-1\r\n\r\ny'
    const text = message(`--b-1\r\nContent-Length: ${body.length}\r\n\r\n${body}\r\n--b-1--`)
    for (const size of [1, 5, text.length]) {
      expect(collect(text, { size, counts: true }).map((part) => part.body)).toEqual([message(body)])
    }
  })

  it('no part at all', () => {
    expect(collect(message('--b-1--\r\n'))).toEqual([])
  })

  it.each([
    ['ends before its boundary', two.subarray(0, -12)],
    ['ends in its headers', two.subarray(0, 30)],
    ['is empty', Buffer.alloc(0)],
    ['has another boundary', message('--other\r\n\r\nx\r\n--other--\r\n')],
    ['has headers without end', message(`--b-1\r\nX: ${'y'.repeat(20_000)}`)],
    ['has a boundary that goes on', message('--b-1xyz\r\n\r\nbody\r\n--b-1--')],
    ['has a part shorter than it says', message('--b-1\r\nContent-Length: 5\r\n\r\nbody\r\n--b-1--\r\n')],
    ['has a part longer than it says', message('--b-1\r\nContent-Length: 3\r\n\r\nbody\r\n--b-1--\r\n')],
  ])('a message that %s is an error', (_, broken) => {
    for (const size of [1, 3, broken.length || 1]) {
      expect(() => collect(broken, { size, counts: true })).toThrow(MultipartError)
    }
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
