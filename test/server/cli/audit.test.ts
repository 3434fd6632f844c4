import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { auditCommand } from '../../../src/server/cli/audit.ts'
import { dataDirectory, initialise } from '../../../src/server/data-directory/index.ts'
import { openFoundation } from '../../../src/server/open-foundation.ts'

let dir: string
let said: string[]
const twoMonthsAgo = Date.now() - 62 * 86_400_000
const month = (() => {
  const day = new Date(twoMonthsAgo)
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}`
})()

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigil-audit-cli-'))
  const log = pino({ level: 'silent' })
  await initialise(dir, { clock: () => twoMonthsAgo })
  const past = await openFoundation(dataDirectory(dir), { clock: () => twoMonthsAgo, log })
  for (let n = 0; n < 3; n += 1)
    await past.audit.record({
      action: 'study.opened',
      outcome: 'success',
      actor: { kind: 'account', id: 'a1', workstationId: 'w1', sessionId: 's1' },
      detail: { n },
    })
  await past.store.close()
  said = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line))
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said.push(String(text))
    return true
  })
})
afterEach(async () => {
  vi.restoreAllMocks()
  process.exitCode = 0
  await rm(dir, { recursive: true })
})

async function vigilAudit(...words: string[]): Promise<string> {
  said = []
  process.exitCode = 0
  await auditCommand().parseAsync([...words, '--dir', dir], { from: 'user' })
  return said.join('\n')
}

it('writes, verifies and reads the file of a complete month, and records each of it', async () => {
  expect(await vigilAudit('archive')).toBe(`${month} written`)
  expect(await vigilAudit('archive')).toBe('no complete month is without its file')
  const file = join(dir, 'audit-archive', `${month}.vaudit`)
  expect(await vigilAudit('verify', '--archive', file)).toMatch(
    /^\d{4}-\d\d: records 1 to \d+, \d+ of them, whole$/,
  )
  const read = (await vigilAudit('read', '--archive', file))
    .trim()
    .split(/\n+/)
    .map((line) => JSON.parse(line))
  expect(read.filter(({ action }) => action === 'study.opened')).toHaveLength(3)
  expect(read.at(-1)).toMatchObject({ actor: 'account:a1', workstation: 'w1', session: 's1' })

  const bytes = await readFile(file)
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 4, bytes.length - 20)
  await writeFile(file, bytes)
  expect(await vigilAudit('verify', '--archive', file)).toContain(`BROKEN at audit/${month}/0`)
  expect(process.exitCode).toBe(1)
  await expect(vigilAudit('read', '--archive', file)).rejects.toThrow('integrity')
  await expect(vigilAudit('read', '--archive', join(dir, 'other.txt'))).rejects.toThrow('called by its month')

  const now = await openFoundation(dataDirectory(dir), { clock: Date.now, log: pino({ level: 'silent' }) })
  const acts = (await now.audit.tail()).map(({ action, outcome }) => `${action} ${outcome}`)
  await now.store.close()
  expect(acts).toEqual(
    expect.arrayContaining([
      'audit.archived success',
      'audit.archive-verified success',
      'audit.archive-read success',
      'audit.archive-verified failed',
      'command.given success',
    ]),
  )
})

it('verifies against a checkpoint that was kept, and refuses one that is not this gateway’s', async () => {
  const file = join(dir, 'kept.json')
  expect(await vigilAudit('checkpoint', '--out', file)).toMatch(/^record \d+, signed by [0-9a-f]{64}$/)
  expect(await vigilAudit('verify', '--checkpoint', file)).toMatch(/chain whole$/)
  const kept = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({ ...kept, seq: kept.seq + 1 }))
  await expect(vigilAudit('verify', '--checkpoint', file)).rejects.toThrow('not signed by this gateway')
  await writeFile(file, '{}')
  await expect(vigilAudit('verify', '--checkpoint', file)).rejects.toThrow('holds no checkpoint')
})
