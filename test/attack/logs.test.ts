import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signIn } from '../server/sign-in-client.ts'
import { type ComposedGateway, composeGateway } from './composed-gateway.ts'
import { dayOfCriticalValues, listeningConfig, listeningFiles } from './critical-day.ts'
import { params, patient, report, studyFile } from './patient.ts'
import { dayOfSecondFactors } from './second-factors.ts'
import { startUnfriendlyReceiver } from './unfriendly-receiver.ts'

/** The gateway's log at its most talkative, on a day on which everything that can be refused is. */
let gateway: ComposedGateway
let receiver: Awaited<ReturnType<typeof startUnfriendlyReceiver>>
const lines: string[] = []
beforeAll(async () => {
  // A receiver that is not fond of us, and says so with what we sent it.
  const words = `${patient.name} ${patient.id} ${report.impression}`
  receiver = await startUnfriendlyReceiver(words, { takes: false })
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
    await gateway.restart()
    const said = lines.slice(before).join('')
    expect(said).not.toBe('')
    for (const [what, secret] of Object.entries(secrets)) {
      for (const written of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
        expect(said.includes(written), what).toBe(false)
    }
    expect(said).not.toMatch(new RegExp(`(?<!\\d)${code}(?!\\d)`))
  })
})
