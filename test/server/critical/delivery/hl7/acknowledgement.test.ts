import { describe, expect, it } from 'vitest'
import {
  type Acknowledgement,
  judge,
  readAcknowledgement,
} from '../../../../../src/server/critical/delivery/hl7/acknowledgement.ts'

const msh = 'MSH|^~\\&|HIS|H|VIGIL|R|20261122||ACK^R01^ACK|1|P|2.5.1'

describe('acknowledgements', () => {
  it.each([
    ['plain', `${msh}\rMSA|AA|C1\r`, { code: 'AA', controlId: 'C1', errorCode: '', text: '' }],
    ['with words', `${msh}\rMSA|AE|C1|错误\r`, { code: 'AE', errorCode: '', text: '错误' }],
    [
      'with ERR of 2.5',
      `${msh}\rMSA|AE|C1\rERR||PID^1^5|101^Required|E||||missing\r`,
      { errorCode: '101', text: 'missing' },
    ],
    ['with ERR before 2.5', `${msh}\rMSA|AR|C1\rERR|PID^1^5^207&x\r`, { errorCode: '207' }],
    ['with MSA-6', `${msh}\rMSA|AR|C1||||206\r`, { errorCode: '206' }],
    ['with line feeds', `${msh}\nMSA|AA|C1\n`, { code: 'AA', controlId: 'C1' }],
    ['with other delimiters', 'MSH$%~\\&$HIS\rMSA$AA$C1\r', { code: 'AA', controlId: 'C1' }],
    ['with words where a code belongs', `${msh}\rMSA|AE|C1\rERR|||张伟^x\r`, { errorCode: '' }],
  ])('%s', (_, text, expected) => {
    expect(readAcknowledgement(text)).toMatchObject(expected)
  })

  it.each(['', 'hello', 'MSH', msh, `${msh}\rMSA|ZZ|1\r`, `MSA|AA|C1\r`, `${msh}\rMSAX|AA|C1\r`])(
    'refuses %j',
    (text) => {
      expect(readAcknowledgement(text)).toBeNull()
    },
  )

  const answer = (code: Acknowledgement['code'], errorCode = ''): Acknowledgement => ({
    code,
    errorCode,
    controlId: 'C',
    text: '',
  })
  it.each([
    [answer('AA'), 1, { outcome: 'delivered' }],
    [answer('AE'), 1, { outcome: 'retry', error: 'AE' }],
    [answer('AR'), 1, { outcome: 'retry', error: 'AR' }],
    [answer('AR', '207'), 9, { outcome: 'retry', error: 'AR:207' }],
    [answer('AE', '101'), 1, { outcome: 'refused', error: 'AE:101' }],
    [answer('AR', '200'), 1, { outcome: 'refused', error: 'AR:200' }],
    [answer('AE', '205'), 1, { outcome: 'retry', error: 'AE:205' }],
    [answer('AE', '205'), 2, { outcome: 'delivered' }],
    [answer('CE'), 1, { outcome: 'retry', error: 'CE' }],
  ] as const)('%o on attempt %i: %o', (given, attempt, verdict) => {
    expect(judge(given, attempt)).toEqual(verdict)
  })
})
