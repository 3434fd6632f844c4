import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { checkAlert } from '../../../src/main/alerts/index.ts'
import { signOff } from '../../../src/main/reports/index.ts'
import type { SignedIn } from '../../../src/main/session/index.ts'
import type { SignRequest, TokenDriver } from '../../../src/main/tokens/index.ts'
import { canonicalAlertContent } from '../../../src/shared/alert/canonical.ts'
import type { AlertContent } from '../../../src/shared/alert/index.ts'
import { api, type CheckSignature, type Route } from '../../../src/shared/api/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import { canonicalReport } from '../../../src/shared/report/canonical.ts'
import { alertCheckStatement, reportStatement } from '../../../src/shared/signing/statement.ts'
import { aReport } from '../reports/a-report.ts'

const content: AlertContent = {
  id: '01JABCDEFGH12345',
  patientId: 'P1',
  patientName: '张伟',
  accessionNumber: 'A1',
  type: 'LARGE_PNEUMOTHORAX',
  level: 'red',
  content: '右侧大量气胸',
  recipient: { kind: 'ward', name: '呼吸一病区', department: '呼吸内科', code: '', phone: '' },
}
const document = aReport({
  patientName: '张伟',
  author: { accountId: 'li', name: '李医师' },
  text: { findings: '右侧气胸', impression: '' },
})
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest()
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const certificate = Buffer.from('certificate')

/** A token that signs for one PIN, and remembers the buffers that it was given. */
let pins: Buffer[]
let typed: string[]
const tokens = {
  async sign({ pin, statement }: SignRequest) {
    pins.push(pin as Buffer)
    typed.push(Buffer.from(pin).toString('utf8'))
    if (typed.at(-1) !== '246801') throw new VigilError('pin-wrong', { triesLeft: 2 })
    const signature = sign('sha256', await statement(certificate), privateKey)
    return { certificates: [certificate], algorithm: 'ECDSA-SHA256', signature }
  },
} as unknown as TokenDriver
let posted: { route: Route; input: { body?: unknown } }[]
let shown: AlertContent
const signedIn = {
  channel: { gatewayId: 'g1', session: { accountId: 'li' } },
  prepared: new Map([['1.2.3', document]]),
  drafts: { textOf: () => null, discard: async () => {} },
  async call(route: Route, input: { body?: unknown }) {
    posted.push({ route, input })
    if (route === api.alert) return { alert: shown }
    return {}
  },
} as unknown as SignedIn
beforeEach(() => {
  pins = []
  typed = []
  posted = []
  shown = content
  signedIn.prepared.set('1.2.3', document)
})
const wiped = () => pins.every((pin) => pin.every((byte) => byte === 0))
const stands = ({ signature }: CheckSignature, statement: Uint8Array) =>
  verify('sha256', statement, publicKey, Buffer.from(signature, 'base64'))

describe('the second person', () => {
  const check = (pin = '246801') =>
    checkAlert(signedIn, tokens, { alert: content.id, content, tokenId: 't', pin })

  it('signs what the window showed, which is what the gateway has', async () => {
    await check()
    const sent = posted.find(({ route }) => route === api.checkAlert)?.input.body as CheckSignature
    const statement = alertCheckStatement({
      gatewayId: 'g1',
      subject: content.id,
      contentHash: sha256(canonicalAlertContent(content)),
      certificateHash: sha256(certificate),
    })
    expect(stands(sent, statement)).toBe(true)
    expect(sent.certificate).toBe(certificate.toString('base64'))
    expect(wiped()).toBe(true)
  })

  it.each([
    ['content', { content: '左侧大量气胸' }],
    ['patient', { patientName: '章伟' }],
    ['level', { level: 'yellow' as const }],
    ['recipient', { recipient: { ...content.recipient, name: 'ICU' } }],
    ['id', { id: 'AN0THER' }],
  ])('signs nothing where the %s was changed since it was shown', async (_, change) => {
    shown = { ...content, ...change }
    await expect(check()).rejects.toMatchObject({ code: 'conflict' })
    expect(typed).toEqual([])
    expect(posted.map(({ route }) => route)).toEqual([api.alert])
  })

  it('sends nothing with a wrong PIN, and leaves none in memory', async () => {
    await expect(check('000000')).rejects.toMatchObject({ code: 'pin-wrong' })
    expect(posted.map(({ route }) => route)).toEqual([api.alert])
    expect(wiped()).toBe(true)
  })
})

describe('the same person’s second look at sign-off', () => {
  const submit = (secondPin?: string) =>
    signOff(signedIn, tokens, {
      study: '1.2.3',
      document,
      decisions: [],
      standing: [],
      tokenId: 't',
      pin: '246801',
      ...(secondPin === undefined ? {} : { secondPin }),
    })

  it('is a second signature, over the same document, for its own purpose', async () => {
    await submit('246801')
    const body = posted.at(-1)?.input.body as CheckSignature & { secondCheck: CheckSignature }
    const documentHash = sha256(canonicalReport(document))
    const certificateHash = sha256(certificate)
    const facts = { gatewayId: 'g1', certificateHash }
    const look = alertCheckStatement({ ...facts, subject: 'r1', contentHash: documentHash })
    expect(stands(body, reportStatement({ ...facts, documentHash }))).toBe(true)
    expect(stands(body.secondCheck, look)).toBe(true)
    expect(stands(body, look)).toBe(false)
    expect(typed.length).toBe(2)
    expect(wiped()).toBe(true)
  })

  it('is not made where it is not asked for', async () => {
    await submit()
    expect(posted.at(-1)?.input.body).not.toHaveProperty('secondCheck')
    expect(typed.length).toBe(1)
  })

  it('with a wrong PIN leaves the report unsigned, and no PIN in memory', async () => {
    await expect(submit('000000')).rejects.toMatchObject({ code: 'pin-wrong' })
    expect(posted).toEqual([])
    expect(pins.length).toBe(2)
    expect(wiped()).toBe(true)
  })
})
