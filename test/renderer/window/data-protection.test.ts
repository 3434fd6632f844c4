import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Alarm } from '../../../src/shared/alarm/index.ts'
import type { BackupRow, BackupStatus, ProtectionStatus } from '../../../src/shared/api/index.ts'
import { noChromium } from '../../chromium.ts'
import { accessible } from './axe.ts'
import type { FakeWorkstation } from './fake-workstation.ts'
import { fits } from './fits.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

const shots = process.env.VIGIL_SHOTS
const now = Date.now()
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const alarm = (id: string, more: Partial<Alarm>): Alarm => ({
  id,
  kind: 'off-site-lag',
  severity: 'warning',
  subject: 'second-site',
  facts: { code: 'unreachable', lagSeconds: 7800 },
  raisedAt: now - 2 * hour,
  lastSeenAt: now - minute,
  count: 12,
  clearedAt: null,
  acknowledged: null,
  ...more,
})
const alarms = [
  alarm('cleared', {
    kind: 'clock-drift',
    subject: '',
    facts: { offsetMs: -90_000, source: 'time.hospital.example' },
    clearedAt: now - hour,
  }),
  alarm('lag', {}),
  alarm('stalled', {
    kind: 'audit-shipping-stalled',
    severity: 'serious',
    subject: '',
    facts: {
      receiver: 'log.hospital.example:6514',
      code: 'certificate-expired',
      waiting: 1203,
      since: now - day,
    },
  }),
]

const backup = (id: string, more: Partial<BackupRow>): BackupRow => ({
  id,
  kind: 'full',
  startedAt: now - 9 * hour,
  finishedAt: now - 9 * hour + 4 * minute,
  coversUntil: now - 9 * hour,
  bytes: 1_503_238_553,
  state: 'good',
  verifiedAt: now - 8 * hour,
  error: null,
  offSite: ['second-site', 'object-store-of-the-regional-data-centre'],
  ...more,
})
const backups = (more: Partial<BackupStatus> = {}): BackupStatus => ({
  schedule: { full: '0 1 * * *', incremental: '0 */2 * * *', drill: '0 3 * * 0' },
  nextFullAt: now + 5 * hour,
  nextIncrementalAt: now + hour,
  nextDrillAt: now + 6 * day,
  running: null,
  drilling: null,
  backups: [
    backup('20261122T010000Z-full', {}),
    backup('20261123T100000Z-incremental', {
      kind: 'incremental',
      startedAt: now - 38 * minute,
      coversUntil: now - 38 * minute,
      bytes: 48_000,
      offSite: ['second-site'],
    }),
    backup('20261121T010000Z-full', {
      state: 'damaged',
      startedAt: now - 33 * hour,
      error: 'stands-on-damaged',
    }),
  ],
  offSite: [
    {
      name: 'second-site',
      kind: 'sftp',
      lastTransferAt: now - 30 * minute,
      lagSeconds: 0,
      waitingBytes: 0,
      sending: null,
      lastError: null,
      refusedRemovals: 0,
    },
    {
      name: 'object-store-of-the-regional-data-centre',
      kind: 's3',
      lastTransferAt: now - 9 * hour,
      lagSeconds: 7800,
      waitingBytes: 48_000,
      sending: null,
      lastError: 'host-key-wrong',
      refusedRemovals: 3,
    },
  ],
  drills: [
    {
      id: 'd1',
      startedAt: now - 2 * day,
      finishedAt: now - 2 * day + 3 * minute,
      backupId: '20261121T010000Z-full',
      source: 'second-site',
      outcome: 'passed',
      restoreSeconds: 184,
      lossSeconds: 720,
      checks: [
        { name: 'database', passed: true, figure: '31' },
        { name: 'row-seals', passed: true, figure: '48 213' },
      ],
    },
  ],
  ...more,
})

const protection = (more: Partial<ProtectionStatus> = {}): ProtectionStatus => ({
  masterKey: { kind: 'pkcs11', fingerprint: '0f1e2d3c4b5a6978', escrowedAt: null, escrow: null },
  keys: [
    { purpose: 'field', generation: 1, createdAt: now - 200 * day, state: 'retiring', values: 128_411 },
    { purpose: 'field', generation: 2, createdAt: now - day, state: 'current', values: 903 },
    { purpose: 'audit', generation: 1, createdAt: now - 200 * day, state: 'current', values: null },
  ],
  rotation: { done: 4000, total: 132_000, startedAt: now - 2 * minute },
  clock: { source: '10.20.30.40:123 +2', offsetMs: 12, checkedAt: now - 5 * minute },
  scrub: {
    running: null,
    nextAt: now + 8 * hour,
    runs: [
      {
        startedAt: now - 16 * hour,
        finishedAt: now - 16 * hour + 11 * minute,
        values: 1_204_331,
        files: 4102,
        bytes: 88_123_456_789,
        damaged: 1,
        restored: 1,
        outcome: 'damaged',
      },
    ],
  },
  damage: [
    {
      id: '1',
      place: 'reports.sealed_document.0c1f…',
      what: 'unreadable',
      foundAt: now - day,
      state: 'restored',
      source: 'backup:20261121T010000Z-full',
      restoredAt: now - day + minute,
    },
    {
      id: '2',
      place:
        'archive/1.2.840.113619.2.404.3.1074448704.467.1762900000.123/1.2.840.113619.2.404.3.1074448704.467.1762900000.127.1.dcm',
      what: 'changed',
      foundAt: now - hour,
      state: 'isolated',
      source: '',
      restoredAt: null,
    },
  ],
  ...more,
})

/** At a size: nothing is cut, and nothing breaks the rules of accessibility. */
async function look(page: Page, name: string, size: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(size)
  await fits(page)
  const wide = await page.evaluate(
    `document.querySelector('.parted-page')?.scrollWidth > document.querySelector('.parted-page')?.clientWidth + 1`,
  )
  expect(wide, name).toBeFalsy()
  await accessible(page, name)
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
}

describe.skipIf(noChromium)('data protection', () => {
  const open = windowTests({ images: false })
  const fill = (fake: FakeWorkstation) => {
    Object.assign(fake.handlers, {
      'administration.accounts': () => [],
      'alarms.list': () => alarms,
      'alarms.acknowledge': () => ({}),
      'protection.status': () => protection(),
      'protection.scrub': () => ({}),
      'backup.status': () => backups(),
      'backup.run': () => ({}),
      'backup.drill': () => ({}),
    } satisfies Partial<FakeWorkstation['handlers']>)
  }

  it('an alarm shows at once, says what it means and what to do, and is acknowledged with a note', async () => {
    let shown: Alarm[] = [alarms[0] as Alarm]
    const { page, workstation } = await open(activeAs('system-administrator', '周系统'), (fake) => {
      fill(fake)
      fake.handlers['alarms.list'] = () => shown
    })
    await eventually(() => page.getByTestId('alarm-bell').getAttribute('data-open')).toBe('0')
    shown = alarms
    workstation.emit({ kind: 'alarm-changed' })
    await eventually(() => page.getByTestId('alarm-bell').getAttribute('data-open')).toBe('2')
    expect(await page.getByTestId('area-alarms').textContent()).toContain('2')
    await page.getByTestId('alarm-bell').click()
    await eventually(() => page.getByTestId('alarms-row').first().getAttribute('data-kind')).toBe(
      'audit-shipping-stalled',
    )
    await page.getByTestId('alarms-row').first().click()
    const facts = page.getByTestId('alarm-facts')
    await eventually(() => facts.textContent()).toContain('没有丢失')
    expect(await facts.textContent()).toContain('日志服务器的证书不在有效期内')
    for (const size of [
      { width: 1366, height: 768 },
      { width: 1920, height: 1080 },
    ])
      await look(page, `alarms-${size.width}`, size)
    await page.getByTestId('alarm-acknowledge').click()
    expect(await page.getByTestId('action-submit').isDisabled()).toBe(true)
    await page.getByTestId('alarm-note').fill('已联系信息科更换证书')
    await page.keyboard.press('Enter')
    await eventually(
      () => workstation.calls.find(({ channel }) => channel === 'alarms.acknowledge')?.args,
    ).toEqual({
      id: 'stalled',
      note: '已联系信息科更换证书',
    })
  })

  it('the auditor sees alarms and backups, and begins nothing', async () => {
    const { page } = await open(activeAs('auditor', '孙审计'), fill)
    await page.getByTestId('area-alarms').click()
    await page.getByTestId('alarms-row').first().click()
    await page.getByTestId('alarm-facts').waitFor()
    expect(await page.getByTestId('alarm-acknowledge').count()).toBe(0)
    expect(await page.getByTestId('area-protection').count()).toBe(0)
    await page.getByTestId('area-backup').click()
    await page.getByTestId('backup-overview').waitFor()
    expect(await page.getByTestId('run-full').count()).toBe(0)
  })

  it('keys, escrow, rotation, clock, scrub and damage', async () => {
    const { page, workstation } = await open(activeAs('system-administrator', '周系统'), fill)
    await page.getByTestId('area-protection').click()
    await eventually(() => page.getByTestId('escrow').textContent()).toContain('尚未托管')
    expect(await page.getByTestId('clock').textContent()).toContain('相差 12 毫秒')
    expect(await page.getByTestId('rotation').textContent()).toContain('3%')
    expect(await page.getByTestId('key-table').locator('tbody tr').count()).toBe(3)
    await look(page, 'protection-overview', { width: 1366, height: 768 })
    await page.getByTestId('protection-part').getByText('巡检', { exact: true }).click()
    await look(page, 'protection-scrub', { width: 1366, height: 768 })
    workstation.handlers['protection.status'] = () =>
      protection({
        scrub: { running: { done: 1, total: 4, startedAt: now - minute }, nextAt: null, runs: [] },
      })
    await page.getByTestId('scrub-now').click()
    await eventually(() => page.getByTestId('scrub-progress').textContent()).toContain('25%')
    expect(await page.getByTestId('scrub-now').isDisabled()).toBe(true)
    await page.getByTestId('protection-part').getByText('损坏清单 1').click()
    await eventually(() => page.getByTestId('damage-row').first().getAttribute('data-state')).toBe('isolated')
    await page.getByTestId('damage-row').first().click()
    await eventually(() => page.getByTestId('damage-facts').textContent()).toContain('立即巡检')
    await look(page, 'protection-damage', { width: 1366, height: 768 })
  })

  it('backups in plain words, what runs, what is elsewhere, and drills', async () => {
    const { page, workstation } = await open(activeAs('system-administrator', '周系统'), fill)
    await page.getByTestId('area-backup').click()
    await eventually(() => page.getByTestId('backup-says-good-full').textContent()).toMatch(
      /^(今天|昨天) \d\d:\d\d 的完整备份成功，已校验，异地副本 2 处。$/,
    )
    // It is the time since: a busy machine may be a minute on.
    expect(await page.getByTestId('backup-says-loss').textContent()).toMatch(
      /最多会丢失 (3[89]|4\d) 分钟的数据/,
    )
    expect(await page.getByTestId('backup-says-drill').textContent()).toMatch(
      /通过；3 分钟可恢复运行（RTO），丢失窗口 12 分钟/,
    )
    for (const size of [
      { width: 1366, height: 768 },
      { width: 1920, height: 1080 },
    ])
      await look(page, `backup-overview-${size.width}`, size)
    expect(await page.getByTestId('off-site').textContent()).toContain('对方主机密钥与配置不符')
    workstation.handlers['backup.status'] = () =>
      backups({ running: { kind: 'full', progress: { done: 30, total: 100, startedAt: now - minute } } })
    await page.getByTestId('run-full').click()
    await eventually(() => page.getByTestId('backup-progress').textContent()).toContain('30%')
    expect(workstation.calls.find(({ channel }) => channel === 'backup.run')?.args).toEqual({ kind: 'full' })
    expect(await page.getByTestId('run-incremental').isDisabled()).toBe(true)
    await page.getByTestId('backup-part').getByText('备份清单').click()
    await eventually(() => page.getByTestId('backups-row').count()).toBe(3)
    // A code in words, in the row and in full beside it.
    await page.getByTestId('backups-row').last().click()
    await eventually(() => page.getByTestId('backup-facts').textContent()).toContain('所依据的备份已损坏')
    await look(page, 'backup-list', { width: 1366, height: 768 })
    await page.getByTestId('backup-part').getByText('恢复演练').click()
    expect(await page.getByTestId('drill').textContent()).toContain('每一行都是原样')
    await look(page, 'backup-drills', { width: 1366, height: 768 })
  })

  it('a first day and a gateway that does not answer are said as they are', async () => {
    const { page, workstation } = await open(activeAs('security-officer', '孙保密'), (fake) => {
      fill(fake)
      fake.handlers['alarms.list'] = () => []
      fake.handlers['protection.status'] = () =>
        protection({
          rotation: null,
          clock: null,
          keys: [],
          damage: [],
          scrub: { running: null, nextAt: null, runs: [] },
        })
    })
    await page.getByTestId('area-protection').click()
    await eventually(() => page.getByTestId('clock').textContent()).toContain('没有核对')
    await page.getByTestId('protection-part').getByText('巡检', { exact: true }).click()
    await eventually(() => page.getByTestId('scrub').textContent()).toContain('还没有巡检过')
    expect(await page.getByTestId('scrub-now').count()).toBe(0)
    await look(page, 'security-officer-header', { width: 1366, height: 768 })
    await page.getByText('English', { exact: true }).click()
    await look(page, 'security-officer-english', { width: 1366, height: 768 })
    workstation.handlers['alarms.list'] = () => workstation.fail('gateway-unreachable')
    await page.getByTestId('area-alarms').click()
    await eventually(() =>
      page.getByTestId('alarms-screen').or(page.locator('[role=alert]')).first().isVisible(),
    ).toBe(true)
  })
})
