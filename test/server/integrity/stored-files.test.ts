import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ownObjects } from '../../../src/server/archive/folder/own-objects.ts'
import { storeInFolder } from '../../../src/server/archive/folder/store.ts'
import { createKeptReportFiles } from '../../../src/server/audit-review/report/kept-files.ts'
import { integrityCommand } from '../../../src/server/cli/integrity.ts'
import { damageRows, type Integrity } from '../../../src/server/integrity/index.ts'
import { openIntegrity } from '../../../src/server/open-integrity.ts'
import { by, type GatewayDirectory, openGatewayDirectory } from '../backup/gateway-directory.ts'
import { auditArchiveOf } from './audit-archive-of.ts'

/** A byte changed in each region of every kind of file that a gateway keeps beside its database: found each time, and restored. */
let gateway: GatewayDirectory
let integrity: Integrity
const files: Record<string, string> = {}
const before = new Map<string, Buffer>()

beforeAll(async () => {
  gateway = await openGatewayDirectory()
  const { foundation, paths, time } = gateway
  const auditArchive = await auditArchiveOf(foundation, paths)
  integrity = openIntegrity(foundation, { paths, backups: gateway.backups, auditArchive })
  for (let n = 0; n < 1100; n += 1)
    await foundation.store.transaction((trx) =>
      foundation.audit.append(trx, { action: 'test.done', outcome: 'success', actor: by, detail: { n } }),
    )
  time.now += 40 * 86_400_000
  const [month = ''] = await auditArchive.writeDue(by)
  files['audit-archive'] = auditArchive.path(month)
  const reports = createKeptReportFiles(foundation.protection, paths.auditReports)
  const kept = {
    ...{ id: 'r1', kind: 'daily', period: '2026-11-01', madeAt: 1, madeBy: null, records: 1, anomalies: 0 },
    pdfHash: await reports.write('r1', 'pdf', randomBytes(3000)),
    xlsxHash: await reports.write('r1', 'xlsx', randomBytes(2000)),
  }
  const place = { table: 'audit_reports', column: 'sealed_report', row: 'r1' }
  await foundation.store.db
    .insertInto('audit_reports')
    .values({
      ...{ id: 'r1', kind: 'daily', period: kept.period, made_at: 1 },
      sealed_report: foundation.protection.seal(place, JSON.stringify(kept)),
    })
    .execute()
  files['audit-report'] = reports.pathOf('r1', 'pdf')
  const own = ownObjects(paths.studies, foundation.protection)
  await storeInFolder(own, '1.2.3', [randomBytes(20_000)])
  files.object = join(own.folderOf('1.2.3'), readdirSync(own.folderOf('1.2.3'))[0] ?? '')
  const id = await gateway.backups.run('full', by)
  const backup = join(gateway.dir, 'backups', id)
  for (const name of ['manifest', '000000.chunk']) files[name] = join(backup, name)
  files.file = paths.config
  const { id: drill } = await gateway.backups.drill(by)
  files.drill = join(gateway.dir, 'backups', 'drills', `${drill}.sealed`)
  for (const file of Object.values(files)) before.set(file, readFileSync(file))
})
afterAll(() => gateway.close())

const bytesOf = (file: string) => before.get(file) as Buffer
/** The first byte, one in each sixteenth, and the last. */
const places = (size: number) => [
  ...new Set([0, ...Array.from({ length: 16 }, (_, n) => Math.floor(((n + 0.5) * size) / 16)), size - 1]),
]
function harmed(file: string, harm: (bytes: Buffer) => Buffer): void {
  writeFileSync(file, harm(Buffer.from(bytesOf(file))))
}
const flipped = (place: number) => (bytes: Buffer) => {
  bytes[place] = (bytes[place] ?? 0) ^ 1
  return bytes
}
/** What its own check says of one kind of file. */
async function faults(kind: string): Promise<string[]> {
  const source = integrity.sources.find(({ name }) => name === kind)
  const found: string[] = []
  for await (const { fault } of source?.check() ?? []) if (fault !== null) found.push(fault)
  return found
}

const kinds = ['audit-archive', 'audit-report', 'object', 'drill', 'manifest', '000000.chunk']
const sourceOf = (kind: string) => (['manifest', '000000.chunk'].includes(kind) ? 'backup' : kind)

describe.each(kinds)('a file: %s', (kind) => {
  it('changed at any place, cut short, made longer, emptied or gone is found', async () => {
    const file = files[kind] ?? ''
    const size = bytesOf(file).length
    expect(size).toBeGreaterThan(100)
    expect(await faults(sourceOf(kind))).toEqual([])
    const harms = [
      ...places(size).map(flipped),
      (bytes: Buffer) => bytes.subarray(0, bytes.length - 1),
      (bytes: Buffer) => Buffer.concat([bytes, Buffer.from([0])]),
      () => Buffer.alloc(0),
    ]
    for (const [index, harm] of harms.entries()) {
      harmed(file, harm)
      expect(await faults(sourceOf(kind)), `harm ${index} of ${size} bytes`).toHaveLength(1)
    }
    rmSync(file)
    // The record of a drill stands in the database too.
    expect(await faults(sourceOf(kind))).toEqual(kind === 'drill' ? [] : ['missing'])
    writeFileSync(file, bytesOf(file))
    // A backup counts again once it is proven.
    expect(await faults(sourceOf(kind))).toEqual([])
  })
})

describe('what was damaged', () => {
  it.each([
    ['audit-archive', 'derived'],
    ['audit-report', 'backup'],
    ['object', 'backup'],
    ['drill', 'derived'],
  ])('%s: is put back as it was (%s), recorded, and the alarm ends', async (kind, from) => {
    const file = files[kind] ?? ''
    for (const harm of kind === 'drill' ? ['changed'] : ['changed', 'gone']) {
      if (harm === 'gone') rmSync(file)
      else harmed(file, flipped(60))
      expect(await integrity.scrub.run()).toMatchObject({ damaged: 1, restored: 1 })
      expect(await faults(kind)).toEqual([])
      if (from === 'backup') expect(readFileSync(file).equals(bytesOf(file))).toBe(true)
      const restored = (await gateway.foundation.audit.tail()).find(
        ({ action }) => action === 'integrity.restored',
      )
      expect(restored?.object).toMatch(new RegExp(`^${kind}:`))
      expect(restored?.detail).toMatchObject({ source: expect.stringMatching(new RegExp(`^${from}`)) })
    }
    const standing = gateway.foundation.store.db.selectFrom('alarms').select('subject')
    expect(await standing.where('cleared_at', 'is', null).execute()).toEqual([])
    expect(statSync(file).mode & 0o077).toBeLessThanOrEqual(0o040)
  })

  it('a file that nobody wrote to since the newest backup has to be what it was then', async () => {
    const file = files.file ?? ''
    const { mtime, mode } = statSync(file)
    harmed(file, flipped(60))
    // Written to by somebody: theirs to do.
    expect(await faults('file')).toEqual([])
    utimesSync(file, mtime, mtime)
    expect(await faults('file')).toEqual(['changed'])
    expect(await integrity.scrub.run()).toMatchObject({ damaged: 1, restored: 1 })
    expect(readFileSync(file).equals(bytesOf(file))).toBe(true)
    expect(statSync(file).mode).toBe(mode)
  })

  it('is found and put back by `vigil integrity scrub` too, beside the gateway', async () => {
    for (const kind of ['audit-archive', 'audit-report', 'object', 'drill'])
      harmed(files[kind] ?? '', flipped(60))
    const said: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line))
    try {
      await integrityCommand().parseAsync(['scrub', '--dir', gateway.dir], { from: 'user' })
    } finally {
      log.mockRestore()
    }
    expect(said.join('\n')).toMatch(/: 4 damaged, 4 restored$/)
    const run = await integrity.scrub.run()
    expect(run.outcome).toBe('clean')
    // The same files as the gateway looks at.
    expect(said[0]).toContain(` values and ${run.files} files `)
  })

  it('a backup without a copy elsewhere stays isolated, and nothing is restored from it', async () => {
    const file = files['000000.chunk'] ?? ''
    const object = files.object ?? ''
    harmed(file, flipped(60))
    harmed(object, flipped(60))
    expect(await integrity.scrub.run()).toMatchObject({ damaged: 2, restored: 0 })
    expect((await damageRows(gateway.foundation)).slice(0, 2).map(({ state }) => state)).toEqual([
      'isolated',
      'isolated',
    ])
    expect(await gateway.backups.copiesOf()).toEqual([])
    writeFileSync(file, bytesOf(file))
    expect(await integrity.scrub.run()).toMatchObject({ damaged: 1, restored: 1 })
    mkdirSync(dirname(object), { recursive: true })
    expect(readFileSync(object).equals(bytesOf(object))).toBe(true)
    expect(await integrity.scrub.run()).toMatchObject({ outcome: 'clean' })
  })
})
