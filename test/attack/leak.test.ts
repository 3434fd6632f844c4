import { randomBytes } from 'node:crypto'
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import iconv from 'iconv-lite'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDraftCipher, openDraftFiles } from '../../src/main/drafts/index.ts'
import { columns } from '../../src/server/store/index.ts'
import { everyKind } from '../server/measurements/every-kind.ts'
import { aPng } from '../server/reports/pngs.ts'
import { type ComposedGateway, composeGateway, type Session } from './composed-gateway.ts'
import { dayOfCriticalValues, listeningConfig, listeningFiles } from './critical-day.ts'
import { findLeaks, leaksIn, needlesOf, type Secrets } from './leaks.ts'
import { params, patient, report } from './patient.ts'
import { dayOfSecondFactors } from './second-factors.ts'
import { startUnfriendlyReceiver } from './unfriendly-receiver.ts'

/**
 * Every file that the product wrote on a busy day, wherever: data directory, backups, log, temporary files and drafts lie below
 * one root, and all of it is searched. What the hospital put there itself (its DICOM files, its PEM files) is not the product's.
 */
const root = mkdtempSync(join(tmpdir(), 'vigil-leak-'))
const data = join(root, 'temporary')
const before = process.env.TMPDIR
let gateway: ComposedGateway
let receiver: Awaited<ReturnType<typeof startUnfriendlyReceiver>>
let secrets: Secrets

const words = {
  phrase: '司马相如自用短语一条',
  label: '上官婉儿测量标注',
  caption: '东方不败关键图像说明',
  draft: '夏侯惇本地草稿未上传内容',
}
const pin = '73915264-pin'
const image = aPng(9, 7)

beforeAll(async () => {
  mkdirSync(data)
  process.env.TMPDIR = data
  const stream = createWriteStream(join(root, 'gateway.log'))
  receiver = await startUnfriendlyReceiver(`${patient.name} ${report.impression}`, { takes: true })
  gateway = await composeGateway({
    log: pino({ level: 'debug' }, stream),
    files: listeningFiles,
    config: { ...listeningConfig(), criticalTargets: [receiver.target], log: { level: 'debug' } },
  })
  const { people } = gateway
  const radiologist = await gateway.session(people.radiologist)
  const must = async (
    session: Session,
    name: Parameters<Session['channel']['call']>[0],
    call: object = {},
  ) => {
    const answer = await session.channel.call(name, call)
    if (answer.status !== 200) throw new Error(`${name}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const { series, instance } = params
  const kept = { series, instance, frame: 1, caption: words.caption, png: image.toString('base64') }
  await must(radiologist, 'storeKeyImage', { params, body: kept })
  await must(radiologist, 'saveSettings', {
    params: { area: 'phrases' },
    body: { value: { phrases: [{ abbreviation: 'qx', text: words.phrase }] } },
  })
  const measurements = everyKind({ series, instance, frame: 1 })
  await must(radiologist, 'storeMeasurements', {
    params,
    body: { as: 'structured-report', label: words.label, measurements },
  })
  const said = await dayOfCriticalValues(gateway)
  const shown = await dayOfSecondFactors(gateway)
  const auditor = await gateway.session(people.auditor)
  await auditor.channel.call('auditCandidates', { body: { text: patient.name } })
  await auditor.channel.call('makeAuditReport', {
    body: { kind: 'daily', period: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10) },
  })
  const administrator = await gateway.session(people['system-administrator'])
  await must(administrator, 'runBackup', { body: { kind: 'full' } })
  for (let state = ''; state !== 'good'; await new Promise((resume) => setTimeout(resume, 200)))
    state = (await must(administrator, 'backupStatus')).backups[0]?.state
  await drafts()
  const { radiologist: reader } = people
  secrets = {
    ...patient,
    findings: report.findings.slice(0, 6),
    impression: report.impression,
    ...Object.fromEntries(Object.values(people).map((person) => [person.loginName, person.loginName])),
    ...Object.fromEntries(Object.values(people).map((person) => [person.displayName, person.displayName])),
    study: params.study,
    certificate: reader.signer.certificateDer,
    image,
    pin,
    ...words,
    ...shown.secrets,
    ...said,
  }
}, 120_000)

afterAll(async () => {
  await gateway?.remove()
  receiver?.stop()
  if (before === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = before
  rmSync(root, { recursive: true, force: true })
})

/** A workstation's drafts, one of them superseded. */
async function drafts(): Promise<void> {
  const files = await openDraftFiles(
    join(root, 'workstation'),
    'account-1',
    createDraftCipher(randomBytes(32), randomBytes),
  )
  const draft = {
    accountId: 'account-1',
    study: params.study,
    text: { findings: words.draft, impression: report.impression },
    savedAt: 1,
    baseRevision: 0,
    synced: false,
  }
  await files.write(draft)
  await files.setAside(params.study)
  await files.write({ ...draft, savedAt: 2 })
}

/** The hospital's own images, as they came; not the folder that the product writes beside them. */
const hospitals = /\/studies\/(?!vigil-objects\/)/

describe('what the product wrote on a busy day', () => {
  it('holds nothing of anybody, in no file and no charset', () => {
    const { files, found } = findLeaks(root, secrets, { except: hospitals })
    for (const expected of [
      /vigil\.db$/,
      /vigil\.db-wal$/,
      /gateway\.log$/,
      /\.draft$/,
      /superseded/,
      /vigil-objects\/.*\.sealed$/,
      /\/backups\//,
    ])
      expect(
        files.filter((name) => expected.test(name)),
        String(expected),
      ).not.toEqual([])
    expect(found).toEqual([])
  })

  it('has ciphertext in every column that is said to be encrypted, and in most of them something', () => {
    const database = new Database(gateway.paths.database, { readonly: true })
    let held = 0
    for (const [table, { columns: all, only }] of Object.entries(columns))
      for (const [name, column] of Object.entries(all as Record<string, { as: string }>)) {
        if (column.as !== 'encrypted') continue
        const values = database
          .prepare(`select "${name}" from "${table}" where "${name}" is not null and (${only ?? '1'})`)
          .pluck()
          .all() as string[]
        expect(
          values.filter((value) => !/^v2\.\d+\.[\w-]{38,}$/.test(value)),
          `${table}.${name}`,
        ).toEqual([])
        if (values.length > 0) held += 1
      }
    database.close()
    expect(held).toBeGreaterThan(20)
  })

  it.each([
    ['as it is', (bytes: Buffer) => bytes],
    [
      'in base64',
      (bytes: Buffer) => Buffer.from(Buffer.concat([Buffer.from('x'), bytes]).toString('base64')),
    ],
    ['in hex', (bytes: Buffer) => Buffer.from(bytes.toString('hex'))],
    ['in gzip', (bytes: Buffer) => gzipSync(bytes)],
    ['in a PDF’s stream', (bytes: Buffer) => Buffer.concat([Buffer.from('stream\n'), deflateSync(bytes)])],
    [
      'in a zip',
      (bytes: Buffer) => {
        const head = Buffer.alloc(30)
        head.writeUInt32LE(0x04034b50)
        head.writeUInt16LE(3, 26)
        return Buffer.concat([randomBytes(100), head, Buffer.from('a.x'), deflateRawSync(bytes)])
      },
    ],
  ])('would be found out %s, in every charset', (_, packed) => {
    const needles = needlesOf({ name: patient.name })
    for (const charset of ['utf-8', 'utf-16le', 'utf-16be', 'gb18030'] as const) {
      const text = iconv.encode(`姓名：${patient.name}，男`, charset)
      expect([charset, leaksIn(Buffer.concat([packed(text), Buffer.from('end')]), needles)]).toEqual([
        charset,
        ['name'],
      ])
    }
  })

  it('would be found out in a file of any name, in a database, and beside the others', () => {
    const planted = join(root, 'temporary', '.cache')
    writeFileSync(
      planted,
      Buffer.concat([randomBytes(5000), iconv.encode(words.draft, 'gb18030'), randomBytes(50)]),
    )
    const database = new Database(join(root, 'planted.db'))
    database.exec('create table t (x)')
    database.prepare('insert into t values (?)').run(`报告：${report.impression}`)
    database.close()
    const own = join(gateway.paths.studies, 'vigil-objects', 'plain.dcm')
    writeFileSync(own, readFileSync(join(gateway.paths.studies, 'study.dcm')))
    const { found } = findLeaks(root, secrets, { except: hospitals })
    expect(found).toContain('draft in temporary/.cache')
    expect(found).toContain('impression in planted.db')
    expect(found.filter((text) => text.endsWith('vigil-objects/plain.dcm'))).not.toEqual([])
  })
})
