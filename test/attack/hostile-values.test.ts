import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../../src/shared/api/index.ts'
import { Failure } from '../../src/shared/errors/index.ts'
import { auditRows } from '../server/audit-rows.ts'
import { keyAndRequest, tokenSign } from '../server/sign-in-client.ts'
import { signInEverybody } from './callers.ts'
import { type ComposedGateway, composeGateway } from './composed-gateway.ts'
import { params, patient, report, study } from './patient.ts'
import { routes } from './routes.ts'

/** What every schema takes, and means harm: the handlers themselves must stand it. */
let gateway: ComposedGateway
let callers: Awaited<ReturnType<typeof signInEverybody>>
beforeAll(async () => {
  gateway = await composeGateway()
  callers = await signInEverybody(gateway)
})
afterAll(() => gateway.remove())

const channelOf = (name: keyof Api) =>
  callers.channelFor(routes.find(([candidate]) => candidate === name)![1])

const hostile = [
  `'; DROP TABLE audit; --`,
  `" OR 1=1 --`,
  `%' UNION SELECT * FROM accounts --`,
  '\u0000',
  `a\u0000b\u001b[31m\u0007\u0008`,
  '\r\nMSH|^~\\&|EVIL\r\u001c\r\u000b',
  '<img src=x onerror=alert(1)>{{7*7}}',
  '\u202eتخم\u2066',
  '\ud800',
  '(((((((a+)+)+)+)+)+)+$',
  '__proto__',
  '=cmd|/c calc!A0',
]

describe('values that the schemas take', () => {
  it.each(hostile.map((text) => [JSON.stringify(text), text]))('%s finds nothing', async (_, text) => {
    const channel = channelOf('worklist')
    const filter = {
      search: text,
      modalities: [text.slice(0, 16)],
      department: text.slice(0, 40),
      bodyPart: text,
    }
    const answer = await channel.call('worklist', { body: { filter } })
    expect(answer).toMatchObject({ status: 200, body: { rows: [], total: 0 } })
    const accession = text.toWellFormed().slice(0, 16)
    const done = await channelOf('examDone').call('examDone', { params: { accession } })
    expect(done).toMatchObject({ status: 404, body: { code: 'not-found' } })
  })

  it.each(hostile.map((text) => [JSON.stringify(text), text]))(
    '%s in a report is text and nothing else',
    async (_, text) => {
      const channel = channelOf('saveDraft')
      const present = await channel.call('report', { params })
      const baseRevision = present.body.draft?.revision ?? 0
      const body = { text: { findings: text, impression: text.repeat(20) }, baseRevision }
      expect((await channel.call('saveDraft', { params, body })).status).toBe(200)
      const { draft } = (await channel.call('report', { params })).body
      expect(draft.text).toEqual(body.text)
      const prepared = await channel.call('prepareSignOff', { params, body: { text: body.text } })
      // Half a surrogate pair cannot be signed (RFC 8785 3.2.2.2); blanks are no report.
      expect([200, 400, 422]).toContain(prepared.status)
      if (prepared.status === 200) expect(prepared.body.document.text).toEqual(body.text)
    },
  )

  it('do not slow the analysis of the largest text down', async () => {
    for (const piece of [
      '气胸',
      '无',
      '未见',
      '不除外',
      '，',
      '肺'.repeat(50),
      '(',
      '1.5cm×',
      'no ',
      '\ud83d\ude00',
    ]) {
      const text = {
        findings: piece.repeat(Math.floor(20_000 / piece.length)),
        impression: piece.repeat(Math.floor(10_000 / piece.length)),
      }
      const before = process.cpuUsage()
      const answer = await channelOf('prepareSignOff').call('prepareSignOff', { params, body: { text } })
      expect(answer.status).toBe(200)
      // Gateway and client together; twice the text takes twice as long, not four times.
      const { user, system } = process.cpuUsage(before)
      expect((user + system) / 1000, piece).toBeLessThan(4000)
    }
  })

  it('do not sign anything: documents, decisions and signatures that are someone else’s idea', async () => {
    const channel = channelOf('signOff')
    const { signer } = gateway.people.radiologist
    const prepared = await channel.call('prepareSignOff', { params, body: { text: report } })
    expect(prepared.status).toBe(200)
    const { document } = prepared.body
    const certificate = signer.certificateDer.toString('base64')
    const signed = { document, signature: '', algorithm: 'ECDSA-SHA256', certificate }
    const decision = { action: 'alert', section: 'findings', start: 0, end: 4, type: 'x', content: 'x' }
    const decided = { ...document, decisions: [{ ...decision, end: Number.MAX_SAFE_INTEGER }] }
    const junk = tokenSign(signer, Buffer.from('something else')).toString('base64')
    const attempts = [
      signed,
      { ...signed, certificate: 'not base64 €' },
      { ...signed, certificate: '', signature: junk },
      { ...signed, signature: junk, document: { ...document, studyInstanceUid: '1.2.9' } },
      { ...signed, signature: junk, document: { ...document, patientName: patient.name, version: 2 ** 31 } },
      { ...signed, signature: junk, document: decided },
      { ...signed, signature: 'A'.repeat(200_000) },
      { ...signed, document: { ...document, decisions: Array(500).fill(decision) } },
      { ...signed, document: { ...document, preparedAt: -1e300 } },
    ]
    for (const [index, body] of attempts.entries()) {
      const answer = await channel.call('signOff', { params, body })
      expect([index, [400, 403, 409, 413, 422].includes(answer.status)]).toEqual([index, true])
      Failure.parse(answer.body)
    }
    const standing = await channel.call('report', { params })
    expect(standing.body.versions).toEqual([])
  })

  it.each([
    ['signIn', 'signInChallenge', { csr: 'AAAA' }],
    ['unlock', 'unlockChallenge', {}],
  ] as const)('do not get in by %s', async (name, challenge, more) => {
    const channel = channelOf(name)
    const der = gateway.people.radiologist.signer.certificateDer
    const flipped = Buffer.from(der)
    flipped[40] = (flipped[40] ?? 0) ^ 1
    const chains = [
      [''],
      ['AAAA'],
      [Buffer.alloc(12_000, 0x30).toString('base64')],
      [Buffer.from('308080808080', 'hex').toString('base64')],
      [flipped.toString('base64')],
      [Buffer.concat([der, Buffer.from('x')]).toString('base64')],
      Array(5).fill(der.toString('base64')),
    ]
    for (const [index, certificates] of chains.entries()) {
      for (const algorithm of ['ECDSA-SHA256', 'RSA-PSS-SHA256', 'ECDSA-SHA384'])
        for (const signature of ['', 'MAYCAQACAQA=', Buffer.alloc(1500).toString('base64')]) {
          await channel.call(challenge)
          const answer = await channel.call(name, { body: { certificates, algorithm, signature, ...more } })
          expect([index, [400, 403].includes(answer.status), answer.body.code]).toEqual([
            index,
            true,
            answer.body.code,
          ])
        }
    }
  })

  it.each(hostile.map((text, i) => [JSON.stringify(text), text, i] as const))(
    '%s as a name or a reason is text, or refused, and comes back as it is',
    async (_, text, i) => {
      const administrator = channelOf('createAccount')
      const wellFormed = text.toWellFormed()
      const as = (loginName: string, displayName: string, staffNumber: string) =>
        administrator.call('createAccount', { body: { loginName, displayName, staffNumber } })
      expect((await as(text, 'x', 'A1')).body.code).toBe('bad-request')
      expect((await as(`named.${i}`, 'x', text)).body.code).toBe('bad-request')
      const made = await as(`named.${i}`, text, `N-${i}`)
      // Control and direction characters make a name that is not what it looks like.
      const takes = !/\p{C}/u.test(text)
      expect(made.status).toBe(takes ? 200 : 400)
      if (!takes) return
      const rows: { id: string; displayName: string }[] = (await channelOf('accounts').call('accounts')).body
      expect(rows.find(({ id }) => id === made.body.id)?.displayName).toBe(text)
      const reason = { params: { id: made.body.id }, body: { reason: wellFormed } }
      expect((await administrator.call('disableAccount', reason)).status).toBe(200)
      const audited = await auditRows(channelOf('searchAudit'))
      expect(audited.find(({ action }) => action === 'account.disabled')?.detail.reason).toBe(wellFormed)
    },
  )

  it.each(hostile.map((text, i) => [JSON.stringify(text), text, i] as const))(
    '%s opens nothing as a name or a password in the place of a key',
    async (_, text, i) => {
      const at = gateway.connect((await gateway.addWorkstation(`hostile ${i}`)).identity)
      const { csr } = await keyAndRequest()
      const attempt = async (more: object) => {
        await at.call('signInChallenge')
        const entry = { loginName: `hostile.${i}`, password: 'x', code: '000000', ...more }
        return (await at.call('signInFallback', { body: { csr: csr.toString('base64'), ...entry } })).body
          .code
      }
      expect(await attempt({ loginName: text })).toBe('bad-request')
      expect(await attempt({ password: text })).toBe('credentials-wrong')
      expect(await attempt({ code: text })).toBe('bad-request')
    },
  )

  it.each(hostile.map((text) => [JSON.stringify(text), text]))(
    '%s is looked for in reports and alerts, and finds nothing',
    async (_, text) => {
      const written = encodeURIComponent(text.toWellFormed())
      const period = `?from=0&to=${Date.now() + 60_000}`
      for (const [name, query] of [
        ['searchReports', `${period}&keyword=${written}`],
        ['searchReports', `${period}&author=${written}`],
        ['searchReports', `${period}&type=${written.slice(0, 20)}`],
        ['searchReports', `${period}&modality=${encodeURIComponent(text.toWellFormed().slice(0, 16))}`],
        ['searchReports', `${period}&cursor=${written}`],
        ['missedFindings', `${period}&cursor=${written}`],
        ['alerts', `?show=all&limit=${written}`],
        ['alertStatistics', `${period}&by=${written}`],
        ['quarantine', `?state=${written}`],
        ['searchReports', `?from=${written}&to=0`],
      ] as const) {
        const answer = await channelOf(name).call(name, { query })
        expect([name, query, [200, 400].includes(answer.status)]).toEqual([name, query, true])
        if (answer.status === 200) expect(answer.body.reports ?? answer.body.findings ?? []).toEqual([])
        else expect(Failure.parse(answer.body).code).toBe('bad-request')
      }
    },
  )

  it.each([
    ['Infinity', '0'],
    ['-1e308', '1e308'],
    ['9007199254740993', '-9007199254740993'],
    ['1e999', 'NaN'],
    ['0x10', '1e3'],
    ['', ''],
    ['0&from=1', '2'],
  ])('are no period from %s to %s, or one without reports', async (from, to) => {
    const query = `?from=${from}&to=${to}`
    for (const [name, more] of [
      ['searchReports', ''],
      ['missedFindings', ''],
      ['alertStatistics', '&by=ward'],
    ] as const) {
      const answer = await channelOf(name).call(name, { query: query + more })
      expect([name, [200, 400].includes(answer.status), answer.body]).toEqual([name, true, answer.body])
      if (answer.status !== 200) continue
      expect(answer.body.reports ?? answer.body.findings ?? answer.body.groups).toEqual([])
      // A day each, but not of all time.
      expect((answer.body.days ?? []).length).toBeLessThan(5000)
    }
  })

  it.each(hostile.map((text) => [JSON.stringify(text), text]))(
    '%s as a term, a contact and a note of the dictionary is text, or refused',
    async (_, text) => {
      const channel = channelOf('beginDictionaryDraft')
      const { body: draft } = await channel.call('beginDictionaryDraft', { body: {} })
      const version = { params: { version: draft.version } }
      const { content } = (await channel.call('dictionaryVersion', version)).body
      const [entry, ...others] = content.entries
      const hostileEntry = { ...entry, nameZh: `x${text}`.slice(0, 40), terms: [{ ...entry.terms[0], text }] }
      const contacts = [{ kind: 'duty-office', name: text.slice(0, 40), phone: text.slice(0, 24) }]
      const body = {
        baseRevision: draft.revision,
        content: { entries: [hostileEntry, ...others], rules: { ...content.rules, contacts } },
        note: text,
      }
      const saved = await channel.call('saveDictionaryDraft', { body })
      expect([saved.status, [200, 400, 422].includes(saved.status)]).toEqual([saved.status, true])
      if (saved.status === 200) {
        const kept = (await channel.call('dictionaryVersion', version)).body.content
        expect(kept.entries[0].terms[0].text).toBe(text)
      } else Failure.parse(saved.body)
      expect((await channel.call('discardDictionaryDraft')).status).toBe(200)
    },
  )

  it('do nothing to alerts, calls and letters that there are not', async () => {
    for (const text of hostile.map((one) => one.toWellFormed())) {
      const alert = { alert: '0'.repeat(16) }
      const called = { name: text.slice(0, 60), role: 'nurse', phone: text.slice(0, 24) }
      for (const [name, given, body] of [
        ['withdrawAlert', alert, { reason: `${text}。。` }],
        ['objectToAlert', alert, { remark: `${text}。。` }],
        ['recordPhoneCall', alert, { called, reached: true, readBack: true, at: 1, handling: text }],
        ['replayQuarantined', { id: text.slice(0, 64) || 'x' }, { text }],
        ['discardQuarantined', { id: text.slice(0, 64) || 'x' }, { reason: `${text}。。` }],
      ] as const) {
        const answer = await channelOf(name).call(name, { params: given, body })
        expect([name, [400, 404].includes(answer.status), answer.body]).toEqual([name, true, answer.body])
      }
    }
    for (const at of [Number.MAX_SAFE_INTEGER, -1e300, 1e300, 0.5]) {
      const called = { name: 'x', role: 'nurse', phone: '' }
      const body = { called, reached: true, readBack: true, at }
      const call = { params: { alert: '0'.repeat(16) }, body }
      expect([400, 404]).toContain((await channelOf('recordPhoneCall').call('recordPhoneCall', call)).status)
    }
  })

  it('leave nothing behind in any table but the draft, and every chain whole', async () => {
    const counts = gateway.tamper((database) =>
      ['report_versions', 'alerts', 'outbox'].map((table) =>
        database.prepare(`select count(*) n from ${table}`).get(),
      ),
    )
    expect(counts).toEqual([{ n: 0 }, { n: 0 }, { n: 0 }])
    expect(await gateway.beside(({ audit }) => audit.verify())).toMatchObject({ faults: [] })
    const beginning = { from: -9007199254740991, to: -9007199254740990, after: 9007199254740991 }
    const page = await channelOf('searchAudit').call('searchAudit', { body: beginning })
    expect(page).toMatchObject({ status: 200, body: { rows: [], next: null } })
    const listed = await channelOf('alerts').call('alerts', { query: `?study=${study}` })
    expect(listed.body.alerts).toEqual([])
  })
})
