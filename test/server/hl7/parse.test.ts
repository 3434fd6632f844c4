import { describe, expect, it } from 'vitest'
import { encodeText } from '../../../src/server/hl7/charset.ts'
import { decodeMessage } from '../../../src/server/hl7/decode.ts'
import { escapeText } from '../../../src/server/hl7/er7.ts'
import { parseMessage } from '../../../src/server/hl7/parse.ts'
import { Hl7Error } from '../../../src/server/hl7/problem.ts'
import { parseTime } from '../../../src/server/hl7/time.ts'

const msh = 'MSH|^~\\&|HIS|医院|VIGIL|RAD|20261122080000||ADT^A08|M1|P|2.5.1'

/** The problem of what must not parse. */
function problemOf(work: () => unknown) {
  try {
    work()
  } catch (error) {
    if (error instanceof Hl7Error) return error.problem
    throw error
  }
  throw new Error('it was taken')
}

describe('reading ER7', () => {
  it('numbers fields, repetitions, components and sub-components as HL7 does', () => {
    const message = parseMessage(
      `${msh}\rPID|1||P1^^^HIS&1.2.3&ISO^PI~X9^^^ID||张^伟||19800101\rPV1||I|W1^^7\r`,
    )
    expect(message.header.field(1).text()).toBe('|')
    expect(message.header.field(2).text()).toBe('^~\\&')
    expect(message.header.field(9).text(2)).toBe('A08')
    const [, pid, pv1] = message.segments
    expect(pid?.field(3).repetitions.map((one) => [one.text(), one.text(4), one.text(4, 2)])).toEqual([
      ['P1', 'HIS', '1.2.3'],
      ['X9', 'ID', ''],
    ])
    expect(pid?.field(5).text(2)).toBe('伟')
    expect(pid?.field(99).text()).toBe('')
    expect(pid?.field(99).repetitions).toEqual([])
    expect(pv1?.field(3).text(3)).toBe('7')
    expect(pv1?.field(3).where).toBe('PV1-3')
  })

  it('takes the separators from MSH', () => {
    const message = parseMessage('MSH*#~!$*A*B\rPID***1$2#3*\rPID***x!F!y\r')
    expect(message.segments[1]?.field(3).text(1, 2)).toBe('2')
    expect(message.segments[2]?.field(3).text()).toBe('x*y')
    expect(message.segments[2]?.where).toBe('PID[2]')
  })

  it('takes CR, CR LF and LF, and a line feed inside a segment as text', () => {
    for (const end of ['\r', '\r\n', '\n'])
      expect(parseMessage(`${msh}${end}PID|1${end}${end}`).segments.map(({ name }) => name)).toEqual([
        'MSH',
        'PID',
      ])
    const message = parseMessage(`${msh}\rOBR|1||||||||||||头痛\n三天\r`)
    expect(message.segments[1]?.field(13).text()).toBe('头痛\n三天')
  })

  it('undoes every escape, leaves what escapes nothing, and lets no control character through', () => {
    const of = (value: string) => parseMessage(`${msh}\rOBX|1||||${value}\r`).segments[1]?.field(5).text()
    expect(of('\\F\\\\S\\\\T\\\\R\\\\E\\')).toBe('|^&~\\')
    expect(of('一\\.br\\二\\X0D0A\\三\\X41\\')).toBe('一\n二\n三A')
    expect(of('\\H\\粗\\N\\ \\Zabc\\x\\.in+4\\y')).toBe('粗 xy')
    expect(of('C:\\temp')).toBe('C:\\temp')
    expect(of('a\\b\\F\\c')).toBe('a\\b|c')
    expect(of('a\\X00\\\u0007b')).toBe('a  b')
    const awkward = '甲|乙^丙~丁\\戊&己'
    expect(of(escapeText(awkward))).toBe(awkward)
  })

  it('tells HL7 null from nothing', () => {
    const segment = parseMessage(`${msh}\rPV1|1|""||x^""\r`).segments[1]
    expect(segment?.field(2)).toMatchObject({ deleted: true, repetitions: [] })
    expect(segment?.field(3).deleted).toBe(false)
    expect(segment?.field(4).text(2)).toBe('')
  })

  it.each([
    ['', 'not-hl7', 'MSH'],
    ['PID|1', 'not-hl7', 'MSH'],
    ['MSH', 'not-hl7', 'MSH-1'],
    ['MSHabcdef', 'not-hl7', 'MSH-2'],
    ['MSH|^~|A', 'not-hl7', 'MSH-2'],
    ['MSH|^^\\&|A', 'not-hl7', 'MSH-2'],
    ['MSH|^~\\|A', 'not-hl7', 'MSH-2'],
    [`${msh}\rpid|1`, 'segment-name', ''],
    [`${msh}\r张伟`, 'segment-name', ''],
    [`${msh}\rPIDX|1`, 'segment-name', ''],
    [`${msh}\r${msh}`, 'segment', 'MSH[2]'],
    [`${msh}\r${'NTE|1\r'.repeat(1000)}`, 'too-many', ''],
    [`${msh}\rPID${'|'.repeat(10_000)}`, 'too-many', 'PID'],
  ])('refuses %j, saying %s at %s and repeating nothing of it', (text, reason, where) => {
    expect(problemOf(() => parseMessage(text))).toEqual({ reason, where })
  })

  it('refuses a field of more repetitions or components than any sender writes', () => {
    const pid = (value: string) => parseMessage(`${msh}\rPID|||${value}`).segments[1]
    expect(problemOf(() => pid('~'.repeat(500_000))?.field(3))).toEqual({
      reason: 'too-many',
      where: 'PID-3',
    })
    expect(problemOf(() => pid('^'.repeat(500_000))?.field(3))).toEqual({
      reason: 'too-many',
      where: 'PID-3',
    })
  })
})

describe('the character set', () => {
  const named = (name: string, text = '') => `${msh}||||||${name}\rPID|1||||${text}\r`
  const read = (text: string, written: 'utf-8' | 'gb18030', fallback: 'utf-8' | 'gb18030') => {
    const { text: decoded, charset } = decodeMessage(encodeText(text, written), fallback)
    return { charset, name: parseMessage(decoded, charset).segments[1]?.field(5).text() }
  }

  it('is the one that MSH-18 names, whatever the default', () => {
    for (const fallback of ['utf-8', 'gb18030'] as const) {
      expect(read(named('UNICODE UTF-8', '欧阳'), 'utf-8', fallback)).toEqual({
        charset: 'utf-8',
        name: '欧阳',
      })
      for (const name of ['GB 18030-2000', 'GB18030', 'GBK', 'gb2312', 'GB_2312-80'.replace('-80', '')])
        expect(read(named(name, '䶮犇'), 'gb18030', fallback)).toEqual({ charset: 'gb18030', name: '䶮犇' })
    }
  })

  it('is the default where MSH-18 is empty', () => {
    expect(read(named('', '张伟'), 'gb18030', 'gb18030').name).toBe('张伟')
    expect(read(named('', '张伟'), 'utf-8', 'utf-8').name).toBe('张伟')
  })

  it('is found where a character of the header has a separator for its second byte', () => {
    // In GBK the second bytes of these are `|`, `^`, `\` and `~`.
    const odd = ['鍇', '譣', '誠', '亊'].join('')
    const bytes = encodeText(odd, 'gb18030')
    expect([...bytes].filter((byte) => [0x7c, 0x5e, 0x5c, 0x7e].includes(byte)).length).toBeGreaterThan(0)
    const text = named('GBK', odd).replace('医院', odd)
    expect(read(text, 'gb18030', 'utf-8')).toEqual({ charset: 'gb18030', name: odd })
  })

  it('refuses a name that it does not read, and bytes that are no text of it', () => {
    const bytes = (text: string) => Buffer.from(text, 'utf8')
    expect(problemOf(() => decodeMessage(bytes(named('8859/1')), 'utf-8'))).toEqual({
      reason: 'charset',
      where: 'MSH-18',
    })
    const torn = Buffer.concat([bytes(`${msh}\rPID|1||||`), Buffer.from([0xd5, 0xc5])])
    expect(problemOf(() => decodeMessage(torn, 'utf-8'))).toEqual({ reason: 'encoding', where: '' })
    const half = Buffer.concat([bytes(named('GBK')), Buffer.from([0xd5])])
    expect(problemOf(() => decodeMessage(half, 'utf-8'))).toEqual({ reason: 'encoding', where: '' })
  })
})

describe('times', () => {
  it('are read in their zone, the given one, or local time', () => {
    expect(parseTime('20261122153000+0800', null)).toBe(Date.UTC(2026, 10, 22, 7, 30))
    expect(parseTime('202611221530-0330', 480)).toBe(Date.UTC(2026, 10, 22, 19))
    expect(parseTime('20261122153000.1234', 480)).toBe(Date.UTC(2026, 10, 22, 7, 30, 0, 123))
    expect(parseTime('20261122', null)).toBe(new Date(2026, 10, 22).getTime())
    expect(parseTime('2026', 0)).toBe(Date.UTC(2026, 0))
  })

  it('are none where the calendar has no such time', () => {
    for (const text of [
      '',
      '20261322',
      '20260230',
      '2026112224',
      '20261122086',
      '二〇二六',
      '00000000',
      '20261122T10',
    ])
      expect(parseTime(text, null)).toBeNull()
  })
})
