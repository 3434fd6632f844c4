import { describe, expect, it } from 'vitest'
import { unveiledMessage, veiledMessage } from '../../../src/server/hl7/index.ts'

const message = [
  'MSH|^~\\&|HIS|医院|VIGIL|RAD|20261122150000||ORM^O01|MSG1|P|2.5.1||||||UNICODE UTF-8',
  'PID|1||P-7f3a91^^^HIS^PI||尉迟珍珠^^^^^^L^I~Yuchi^Zhenzhu^^^^^L^A||19600102|X||||北京路 7 号||13912345678||||||110101196001021234',
  'NK1|1|司马某|SPO||13800000000',
  'PV1|1|I|呼吸内科病区^^12|||||||呼吸内科||||||VIP|||V77',
  'ORC|NW|AP1|ACC1||||^^^20261122160000^^R||20261122145500|||D7^李医生|||||^呼吸内科',
  'OBR|1|AP1|ACC1|CT001^胸部CT平扫^L|||||||||尉迟珍珠 咳嗽三天||^^^&胸部|D7^李医生|||尉迟珍珠||||||CT',
  'ZPI|P-7f3a91|任何内容',
].join('\r')
const secrets = [
  'P-7f3a91',
  '尉迟',
  'Yuchi',
  'Zhenzhu',
  '19600102',
  '北京路',
  '139',
  '110101',
  '司马',
  '138',
  '咳嗽',
  'V77',
]

describe('a message that is shown veiled', () => {
  it('keeps its structure, and says nothing of the patient', () => {
    const shown = veiledMessage(message)
    for (const secret of secrets) expect(shown, secret).not.toContain(secret)
    for (const plain of ['ORM^O01', 'CT001^胸部CT平扫', 'ACC1', 'VIP', '|X|', '呼吸内科病区', 'D7^李医生'])
      expect(shown).toContain(plain)
    expect(shown.split('\r').map((line) => line.split('|').length)).toEqual(
      message.split('\r').map((line) => line.split('|').length),
    )
  })

  it.each([
    '',
    'not HL7: 尉迟珍珠',
    '{"patient":"尉迟珍珠"}',
    'MSH',
    'MSHABC|尉迟珍珠',
    ' MSH|^~\\&|尉迟珍珠',
  ])('shows nothing of what is no message: %j', (text) => expect(veiledMessage(text)).not.toContain('尉迟'))

  it('is taken in as it came where it was left as it was shown', () => {
    const shown = veiledMessage(message)
    expect(unveiledMessage(shown, message)).toBe(message)
    // PID-8 is corrected by somebody who never saw whose it is.
    expect(unveiledMessage(shown.replace('|X|', '|F|'), message)).toBe(message.replace('|X|', '|F|'))
    expect(unveiledMessage(shown.replace('ACC1', 'ACC2').replace('ACC1', 'ACC2'), message)).toBe(
      message.replaceAll('ACC1', 'ACC2'),
    )
    // A line that is taken out, and one with other ends of lines.
    expect(unveiledMessage(shown.split('\r').slice(0, -1).join('\r\n'), message)).toBe(
      message.split('\r').slice(0, -1).join('\r'),
    )
    expect(unveiledMessage(message.replace('|X|', '|M|'), message)).toBe(message.replace('|X|', '|M|'))
  })

  it('is refused where a masked value stands where it was not shown', () => {
    const shown = veiledMessage(message)
    expect(unveiledMessage(shown.replace('CT001', '***'), message)).toBeNull()
    expect(unveiledMessage(`${shown}\rNTE|1||***`, message)).toBeNull()
    expect(unveiledMessage(shown.replace(/(PID\|1\|\|)\*{3}/, '$1***1'), message)).toBeNull()
  })
})
