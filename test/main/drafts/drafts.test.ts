import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  createDraftCipher,
  createDrafts,
  type DraftEvent,
  openDraftFiles,
} from '../../../src/main/drafts/index.ts'
import { recover } from '../../../src/main/drafts/recovery.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import type { ReportDraft, ReportText } from '../../../src/shared/report/index.ts'
import { temporary } from '../temporary.ts'

const study = '1.2.3'
const text = (findings: string): ReportText => ({ findings, impression: '' })
const onGateway = (findings: string, savedAt: number, revision: number): ReportDraft => ({
  text: text(findings),
  savedAt,
  revision,
  stage: 'writing',
  keyImages: [],
})
const timing = { writeEveryMs: 20, debounceMs: 40, ceilingMs: 200, retryMs: 40 }

async function setup(options: { dataDir?: string; key?: Buffer; accountId?: string } = {}) {
  const { dataDir = temporary('drafts'), key = randomBytes(32), accountId = 'account' } = options
  const files = await openDraftFiles(dataDir, accountId, createDraftCipher(key, randomBytes))
  const events: DraftEvent[] = []
  const gateway = { revision: 0, saved: [] as ReportText[], refuse: null as VigilError | null }
  const drafts = createDrafts({
    accountId,
    files,
    clock: Date.now,
    steady: () => performance.now(),
    timing,
    passes: (error) => error instanceof VigilError && error.code === 'gateway-unreachable',
    onEvent: (event) => events.push(event),
    async saveOnGateway(_study, { text: saved }, baseRevision) {
      if (gateway.refuse) throw gateway.refuse
      if (baseRevision !== gateway.revision) throw new VigilError('report-changed')
      gateway.saved.push(saved)
      gateway.revision += 1
      return { revision: gateway.revision }
    },
  })
  const directory = join(dataDir, 'drafts', readdirSync(join(dataDir, 'drafts'))[0] ?? '')
  return { dataDir, key, files, drafts, events, gateway, directory }
}

describe('drafts on this workstation', () => {
  it('lose less than two seconds of typing to kill -9', async () => {
    const dataDir = temporary('killed')
    const key = randomBytes(32)
    const child = spawn(process.execPath, [
      join(import.meta.dirname, 'writer.ts'),
      dataDir,
      key.toString('base64'),
    ])
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk))
    await expect.poll(() => out.split('\n').length, { timeout: 15_000 }).toBeGreaterThan(120)
    const killedAt = Date.now()
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    const lines = out
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number) as [number, number])
    const safe = lines.filter(([, at]) => at < killedAt - 2_000).at(-1)?.[0] ?? 0
    const { files } = await setup({ dataDir, key })
    const draft = await files.read(study)
    expect(safe).toBeGreaterThan(0)
    expect(draft?.text.findings.length).toBeGreaterThanOrEqual(safe)
  })

  it('are written at once and then at most every interval, the last text always', async () => {
    const { drafts, files } = await setup()
    await drafts.open(study, null)
    const saves = Array.from({ length: 50 }, (_, index) => drafts.save(study, text(`字${index}`)))
    await Promise.all(saves)
    expect((await files.read(study))?.text).toEqual(text('字49'))
  })

  it('cannot be read, moved to another study or given to another person', async () => {
    const { drafts, directory, dataDir, key, files } = await setup()
    await drafts.open(study, null)
    await drafts.save(study, text('机密'))
    const [name = ''] = readdirSync(directory)
    expect(readFileSync(join(directory, name)).includes('机密')).toBe(false)
    const cipher = createDraftCipher(key, randomBytes)
    renameSync(join(directory, name), join(directory, cipher.fileName('account', '9.9')))
    await expect(files.read('9.9')).rejects.toMatchObject({ code: 'draft-unreadable' })
    const otherKey = randomBytes(32)
    const other = await setup({ dataDir, key: otherKey })
    await other.drafts.save(study, text('x'))
    const theirs = createDraftCipher(otherKey, randomBytes).fileName('account', study)
    renameSync(join(directory, theirs), join(directory, cipher.fileName('account', study)))
    await expect(files.read(study)).rejects.toMatchObject({ code: 'draft-unreadable' })
  })

  it('that are broken are set aside, told, and do not keep the report from opening', async () => {
    const { drafts, files, directory, events } = await setup()
    await drafts.save(study, text('原文'))
    await drafts.pause()
    const [name = ''] = readdirSync(directory)
    const content = readFileSync(join(directory, name))
    content[20] = (content[20] ?? 0) ^ 1
    writeFileSync(join(directory, name), content)
    const opened = await drafts.open(study, onGateway('网关', 1, 3))
    expect(opened).toMatchObject({ text: text('网关'), recovered: false })
    expect(events.at(-1)).toMatchObject({ state: 'refused', failure: { code: 'draft-unreadable' } })
    expect(readdirSync(directory).some((file) => file.includes('.unreadable-'))).toBe(true)
    expect(await files.read(study)).toBeNull()
  })

  it('go to the gateway after a pause, once, with the latest text', async () => {
    const { drafts, gateway, events } = await setup()
    await drafts.open(study, null)
    for (const findings of ['一', '一二', '一二三']) await drafts.save(study, text(findings))
    await expect.poll(() => events.at(-1)?.state).toBe('gateway')
    expect(gateway.saved.at(-1)).toEqual(text('一二三'))
    expect(gateway.saved.length).toBeLessThan(3)
    await drafts.save(study, text('一二三四'))
    await expect.poll(() => gateway.saved.at(-1)).toEqual(text('一二三四'))
  })

  it('are tried again while the gateway is away, and not after it refused for good', async () => {
    const { drafts, gateway, events } = await setup()
    await drafts.open(study, null)
    gateway.refuse = new VigilError('gateway-unreachable')
    await drafts.save(study, text('一'))
    await expect.poll(() => events.at(-1)?.failure?.code).toBe('gateway-unreachable')
    gateway.refuse = null
    await expect.poll(() => gateway.saved).toEqual([text('一')])
    gateway.refuse = new VigilError('report-already-signed')
    await drafts.save(study, text('二'))
    await expect
      .poll(() => events.at(-1))
      .toMatchObject({
        state: 'refused',
        failure: { code: 'report-already-signed' },
      })
    gateway.refuse = null
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(gateway.saved).toEqual([text('一')])
  })

  it('pause with the session and go on with the next, also after a restart', async () => {
    const first = await setup()
    first.gateway.refuse = new VigilError('gateway-unreachable')
    await first.drafts.open(study, null)
    void first.drafts.save(study, text('锁定前'))
    await first.drafts.pause()
    await first.drafts.save(study, text('锁定前一刻'))
    expect((await first.files.read(study))?.text).toEqual(text('锁定前一刻'))
    const again = await setup({ dataDir: first.dataDir, key: first.key })
    await again.drafts.resume()
    await expect.poll(() => again.gateway.saved).toEqual([text('锁定前一刻')])
  })

  it('leave nothing after sign-off', async () => {
    const { drafts, directory } = await setup()
    await drafts.open(study, null)
    await drafts.save(study, text('一'))
    await drafts.discard(study)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(readdirSync(directory)).toEqual([])
  })
})

describe('which text the editor opens with', () => {
  const local = (findings: string, savedAt: number, baseRevision: number, synced = false) => ({
    accountId: 'account',
    study,
    text: text(findings),
    savedAt,
    baseRevision,
    synced,
  })
  const gateway = onGateway

  it.each([
    ['nothing anywhere', null, null, { text: text(''), baseRevision: 0, recovered: false }],
    ['the gateway only', null, gateway('网', 5, 2), { text: text('网'), baseRevision: 2, recovered: false }],
    [
      'this workstation only',
      local('本', 5, 0),
      null,
      { text: text('本'), baseRevision: 0, recovered: true },
    ],
    [
      'ours, ahead of the same revision',
      local('本', 1, 2),
      gateway('网', 5, 2),
      { text: text('本'), recovered: true },
    ],
    [
      'ours, newer',
      local('本', 9, 1),
      gateway('网', 5, 2),
      { text: text('本'), baseRevision: 2, recovered: true },
    ],
    [
      'theirs, newer',
      local('本', 1, 1),
      gateway('网', 5, 2),
      { text: text('网'), recovered: false, supersede: true },
    ],
    [
      'both the same',
      local('同', 9, 1),
      gateway('同', 5, 2),
      { text: text('同'), recovered: false, supersede: false },
    ],
    [
      'ours, already there',
      local('本', 9, 2, true),
      gateway('网', 5, 3),
      { text: text('网'), recovered: false },
    ],
  ])('%s', (_name, mine, theirs, expected) => {
    expect(recover(mine, theirs)).toMatchObject(expected)
  })

  it('compares times across the two clocks', () => {
    expect(recover(local('本', 1_000, 1), gateway('网', 5_000, 2), { clockSkewMs: 10_000 })).toMatchObject({
      recovered: true,
    })
  })
})
