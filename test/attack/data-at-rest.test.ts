import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import iconv from 'iconv-lite'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedGateway, composeGateway } from './composed-gateway.ts'
import { dayOfCriticalValues, listeningConfig, listeningFiles } from './critical-day.ts'
import { disguises } from './leaks.ts'
import { params, patient, report } from './patient.ts'
import { dayOfSecondFactors, type Shown } from './second-factors.ts'
import { startUnfriendlyReceiver } from './unfriendly-receiver.ts'

/** What lies in the data directory after a clinical day, as somebody who copies it sees it. */
let gateway: ComposedGateway
const logged: string[] = []
let shown: Shown
let said: Record<string, string>
let receiver: Awaited<ReturnType<typeof startUnfriendlyReceiver>>
beforeAll(async () => {
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) })
  receiver = await startUnfriendlyReceiver(`${patient.name} ${report.impression}`, { takes: true })
  gateway = await composeGateway({
    log,
    files: listeningFiles,
    config: { ...listeningConfig(), criticalTargets: [receiver.target] },
  })
  const { radiologist, technologist } = gateway.people
  const session = await gateway.session(radiologist)
  const draft = { text: { findings: report.findings, impression: '' }, baseRevision: 0 }
  expect((await session.channel.call('saveDraft', { params, body: draft })).status).toBe(200)
  const given = { text: { findings: '', impression: '' }, baseRevision: 1 }
  expect((await session.channel.call('saveDraft', { params, body: given })).status).toBe(200)
  said = await dayOfCriticalValues(gateway)
  const other = await gateway.session(technologist)
  expect((await other.channel.call('examDone', { params })).status).toBe(200)
  shown = await dayOfSecondFactors(gateway)
})
afterAll(async () => {
  await gateway.remove()
  receiver.stop()
})

/** The gateway's own files; the folder of DICOM files is the hospital's archive, kept as it came. */
function ownFiles(): string[] {
  return readdirSync(gateway.dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(gateway.dir, file).startsWith('studies'))
}

describe('the data directory', () => {
  it('holds no fact of a patient, report or person in any byte', () => {
    const { radiologist, auditor } = gateway.people
    const secrets = {
      ...patient,
      findings: report.findings.slice(0, 6),
      impression: report.impression,
      login: radiologist.loginName,
      name: radiologist.displayName,
      other: auditor.displayName,
      patientName: patient.name,
      ...shown.secrets,
      ...said,
      manager: '第五质控员',
      ward: '呼吸内科一病区',
    }
    const files = ownFiles().map((file) => [relative(gateway.dir, file), readFileSync(file)] as const)
    expect(files.map(([name]) => name)).toEqual(
      expect.arrayContaining(['vigil.db', 'vigil.db-wal', 'master.key']),
    )
    const found = Object.entries(secrets).flatMap(([what, text]) =>
      files
        .filter(([, bytes]) => disguises(text).some((needle) => bytes.includes(needle)))
        .map(([name]) => `${what} in ${name}`),
    )
    expect(found).toEqual([])
    const code = new RegExp(`(?<!\\d)${shown.code}(?!\\d)`)
    expect(files.filter(([, bytes]) => code.test(bytes.toString('latin1'))).map(([name]) => name)).toEqual([])
  })

  it('would be found out by this search', () => {
    const text = patient.name
    for (const charset of ['utf-8', 'utf-16le', 'gb18030'] as const) {
      for (const before of ['', 'a', 'ab', 'abc']) {
        const lying = Buffer.concat([Buffer.from(before), iconv.encode(text, charset), Buffer.from('zz')])
        for (const bytes of [
          lying,
          Buffer.from(lying.toString('base64')),
          Buffer.from(lying.toString('base64url')),
        ])
          expect(disguises(text).some((needle) => bytes.includes(needle))).toBe(true)
      }
    }
  })

  it('is its owner’s alone', () => {
    const wide = ownFiles()
      .filter((file) => !/\.(pem|crl)$|vigil\.yaml$|gateway-id$/.test(file))
      .filter((file) => (statSync(file).mode & 0o077) !== 0)
    expect(wide.map((file) => relative(gateway.dir, file))).toEqual([])
    for (const dir of [gateway.dir, gateway.paths.pki]) expect(statSync(dir).mode & 0o077).toBe(0)
  })

  it('keeps its log to codes', () => {
    const log = logged.join('')
    for (const secret of [
      ...Object.values(patient),
      report.impression,
      gateway.people.radiologist.loginName,
      ...Object.values(shown.secrets),
      ...Object.values(said),
    ])
      expect(log).not.toContain(secret)
  })
})

describe('a gateway does not start', () => {
  const refusal = () =>
    gateway.restart().then(
      () => '',
      (error: Error) => error.message,
    )

  it('on another master key, and names the file', async () => {
    const key = readFileSync(gateway.paths.masterKey)
    writeFileSync(gateway.paths.masterKey, `${Buffer.alloc(32, 7).toString('base64')}\n`)
    try {
      expect(await refusal()).toContain(gateway.paths.masterKey)
    } finally {
      writeFileSync(gateway.paths.masterKey, key)
    }
  })

  it('on a key that others may read, and names the file', async () => {
    const keys = ['gateway-ca', 'workstation-ca', 'session-ca', 'server'].map((name) =>
      join(gateway.paths.pki, `${name}.key`),
    )
    for (const file of [gateway.paths.masterKey, ...keys]) {
      chmodSync(file, 0o640)
      const message = await refusal()
      chmodSync(file, 0o600)
      // The gateway CA's key is for `vigil init` alone; a running gateway does not open it.
      if (!file.endsWith('gateway-ca.key')) expect(message).toContain(file)
      expect(message).not.toContain('BEGIN')
    }
  })

  it('on a wrapped key that was changed', async () => {
    const wrapped = gateway.tamper((database) => {
      const row = database
        .prepare(`select wrapped from wrapped_keys where purpose = 'field'`)
        .pluck()
        .get() as string
      const last = row.at(-1) === 'A' ? 'B' : 'A'
      database
        .prepare(`update wrapped_keys set wrapped = ? where purpose = 'field'`)
        .run(row.slice(0, -2) + last + last)
      return row
    })
    expect(await refusal()).not.toBe('')
    gateway.tamper((database) =>
      database.prepare(`update wrapped_keys set wrapped = ? where purpose = 'field'`).run(wrapped),
    )
  })

  it('and starts again when all is as it was, with its trail whole', async () => {
    expect(await refusal()).toBe('')
    expect(await gateway.beside(({ audit }) => audit.verify())).toMatchObject({ faults: [] })
  })
})
