import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditMessage } from '../../src/server/audit-shipping/audit-message.ts'
import { signIn } from '../server/sign-in-client.ts'
import { type ComposedGateway, composeGateway } from './composed-gateway.ts'
import { dayOfCriticalValues, listeningConfig, listeningFiles } from './critical-day.ts'
import { params, patient, report, studyFile } from './patient.ts'
import { dayOfSecondFactors } from './second-factors.ts'
import { startUnfriendlyReceiver } from './unfriendly-receiver.ts'

/** The gateway's log at its most talkative, on a day on which everything that can be refused is. */
let gateway: ComposedGateway
/** What people said on the day, by what it is. */
let words: Record<string, string> = {}
let receiver: Awaited<ReturnType<typeof startUnfriendlyReceiver>>
const lines: string[] = []
beforeAll(async () => {
  // A receiver that is not fond of us, and says so with what we sent it.
  const repeated = `${patient.name} ${patient.id} ${report.impression}`
  receiver = await startUnfriendlyReceiver(repeated, { takes: false })
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  gateway = await composeGateway({
    log,
    files: listeningFiles,
    config: { ...listeningConfig(), criticalTargets: [receiver.target] },
  })
})
afterAll(async () => {
  await gateway.remove()
  receiver.stop()
})

const logged = () => lines.join('')

describe('the log', () => {
  it('of refused sign-ins, reports and deliveries, and of broken files, holds codes and ids alone', async () => {
    const { radiologist, technologist } = gateway.people
    // Files that cannot be read, and are called what people call files.
    const whole = studyFile()
    writeFileSync(join(gateway.paths.studies, `${patient.name}_${patient.id}.dcm`), whole.subarray(0, 200))
    const broken = Buffer.from(whole)
    broken.fill(0xff, 140, 160)
    writeFileSync(join(gateway.paths.studies, `${patient.pinyin}.dcm`), broken)

    const said = await dayOfCriticalValues(gateway)
    words = said
    const { channel } = await gateway.session(radiologist)
    const again = await channel.call('saveDraft', { params, body: { text: report, baseRevision: 0 } })
    expect(again.body).toMatchObject({ revision: 0 })
    const twice = await channel.call('prepareSignOff', { params, body: { text: report } })
    expect(twice.body.code).toBe('report-already-signed')
    for (const search of [patient.name, patient.id]) {
      await channel.call('worklist', { body: { filter: { search } } })
      await channel.call('worklist', { body: { filter: {}, limit: search } })
      await channel.send('GET', `/v1/studies/${encodeURIComponent(search)}`)
      await channel.send('GET', `/v1/${encodeURIComponent(search)}`)
    }
    const stranger = await gateway.hospital.issue({ commonName: patient.name, keyType: 'P-256' })
    const at = gateway.connect(gateway.workstation.identity)
    const { certificateDer, privateKeyPem } = stranger
    const signer = { certificateDer, privateKeyPem, algorithm: 'ECDSA-SHA256' as const }
    const refused = await signIn(at, signer, gateway.workstation.id, { password: `PIN-${patient.phone}` })
    expect(refused.body.code).toBe('account-unknown')
    const { channel: other } = await gateway.session(technologist)
    expect((await other.call('report', { params })).body.code).toBe('permission-denied')

    // One delivery is tried again, each is refused in the end.
    await expect
      .poll(
        () =>
          gateway.tamper((database) =>
            database
              .prepare(`select count(*) from outbox where state not in ('refused', 'cancelled')`)
              .pluck()
              .get(),
          ),
        { timeout: 20_000 },
      )
      .toBe(0)
    await gateway.restart()

    expect(logged()).toContain('alert refused')
    expect(logged()).toContain('alert not delivered yet')
    const secrets = [
      ...Object.values(patient),
      report.impression,
      report.findings.slice(0, 5),
      radiologist.displayName,
      ...Object.values(said),
    ]
    for (const secret of [
      ...secrets,
      radiologist.loginName,
      encodeURIComponent(patient.name),
      'PRIVATE KEY',
      'PIN-',
    ])
      expect(logged()).not.toContain(secret)
    // The receiver's words are for the auditor alone, under seal.
    const clear = gateway.tamper((database) => JSON.stringify(database.prepare('select * from outbox').all()))
    for (const secret of secrets) expect(clear).not.toContain(secret)
  })

  it('of wrong passwords and codes, and of what officers give out and write down, holds none of them', async () => {
    const before = lines.length
    const { secrets, code } = await dayOfSecondFactors(gateway)
    words = { ...words, ...secrets }
    await gateway.restart()
    const said = lines.slice(before).join('')
    expect(said).not.toBe('')
    for (const [what, secret] of Object.entries(secrets)) {
      for (const written of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
        expect(said.includes(written), what).toBe(false)
    }
    expect(said).not.toMatch(new RegExp(`(?<!\\d)${code}(?!\\d)`))
  })

  it('that goes to the log server of all that names no patient, and repeats nobody’s words', async () => {
    const radiologist = await gateway.session(gateway.people.radiologist)
    // Words that look like codes, in every place where somebody may write some.
    const { channel } = radiologist
    await channel.call('worklist', { body: { filter: { search: 'typedsearch' } } })
    const body = { sensitivity: 'general', reason: 'typedreason' }
    expect((await channel.call('labelStudy', { params, body })).status).toBe(200)
    await channel.call('searchReports', { query: '?from=0&to=1&keyword=typedkeyword' })
    const auditor = await gateway.session(gateway.people.auditor)
    await auditor.channel.call('auditCandidates', { body: { text: 'typedname' } })
    const records = await gateway.beside(({ audit }) => audit.after(0, 100_000))
    const source = { gatewayId: 'gateway', hospital: '', hostName: 'gateway' }
    const shipped = records.map((record) => auditMessage(record, source, new Map())).join('\n')
    expect(records.length).toBeGreaterThan(100)
    expect(JSON.stringify(records)).toContain('typedreason')
    const details = [...shipped.matchAll(/ value="([^"]*)"/g)].map(([, value]) =>
      Buffer.from(value ?? '', 'base64').toString('utf8'),
    )
    const all = shipped + details.join('\n')
    // Patient numbers are what PS3.15 A.5 and ITI-20 want of a patient, and nothing else is.
    const { typedId: _, orderId: __, mergedId: ___, ...rest } = words
    const { id: ____, accession: _____, ...facts } = patient
    const secrets = {
      ...rest,
      ...facts,
      impression: report.impression,
      findings: report.findings.slice(0, 5),
    }
    for (const [what, secret] of Object.entries(secrets))
      expect([what, all.includes(secret)]).toEqual([what, false])
    expect(all).not.toMatch(/typed(search|reason|keyword|name)/)
  })
})
