import { describe, expect, it } from 'vitest'
import type { DeliveryTarget, QuarantinedMessage } from '../../../src/shared/api/index.ts'
import { noChromium } from '../../chromium.ts'
import type { FakeWorkstation } from './fake-workstation.ts'
import { fits } from './fits.ts'
import { activeAs, eventually, windowTests } from './window-test.ts'

const now = Date.now()
const minute = 60_000
const target = (name: string, more: Partial<DeliveryTarget>): DeliveryTarget => ({
  name,
  kind: 'hl7-mllp',
  address: '10.20.30.40:2575',
  tls: true,
  circuit: 'closed',
  resumesAt: null,
  waiting: 0,
  deadLetters: 0,
  lastSuccessAt: now - minute,
  lastFailureAt: null,
  lastError: null,
  ...more,
})
const targets = [
  target('his-critical', {}),
  target('integration-platform-east-campus', {
    kind: 'soap',
    address: 'https://integration.hospital.example:8443/services/critical-value',
    tls: true,
    circuit: 'open',
    resumesAt: now + minute,
    waiting: 12,
    deadLetters: 2,
    lastFailureAt: now - 2000,
    lastError: 'timeout',
  }),
  target('ward-table', { kind: 'table', address: 'db.hospital.example/critical', lastError: 'AE:207' }),
]
const message = (id: string, more: Partial<QuarantinedMessage> = {}): QuarantinedMessage => ({
  id,
  feed: 'ris-orders',
  peer: '10.20.30.41',
  receivedAt: now - 5 * minute,
  messageType: 'ORM^O01',
  controlId: 'MSG00001',
  reason: 'missing',
  where: 'PID-3',
  bytes: 412,
  state: 'waiting',
  settledAt: null,
  settledBy: '',
  ...more,
})
const text = 'MSH|^~\\&|RIS|H|VIGIL|R|20261123||ORM^O01|MSG00001|P|2.5.1\rPID|1||||张三\r'

describe.skipIf(noChromium)('the interfaces', () => {
  const open = windowTests()
  const administrator = activeAs('system-administrator', '周系统')
  const fill = (fake: FakeWorkstation) => {
    Object.assign(fake.handlers, {
      'administration.accounts': () => [],
      'interfaces.targets': () => ({ targets }),
      'interfaces.dead-letters': () => ({
        letters: [
          {
            id: 'letter-1',
            alertId: '0000000000000001',
            kind: 'notice',
            target: 'his-critical',
            type: 'TENSION_PNEUMOTHORAX',
            level: 'red',
            attempts: 1,
            error: 'AE:204',
            createdAt: now - minute,
            refusedAt: now,
          },
        ],
      }),
      'interfaces.feeds': () => ({ feeds: [] }),
      'interfaces.quarantine': () => ({
        messages: [
          message('1'),
          message('2', { messageType: '', controlId: '', reason: 'not-hl7', where: '' }),
        ],
        waiting: 2,
      }),
      'interfaces.quarantined-message': () => ({
        message: message('1'),
        text,
        veiled: false,
        correctable: true,
      }),
      'interfaces.replay-quarantined': () => ({}),
      'interfaces.replay-dead-letter': () => ({}),
      'interfaces.resume-target': () => ({}),
    } satisfies Partial<FakeWorkstation['handlers']>)
  }
  const toInterfaces = async (page: Awaited<ReturnType<typeof open>>['page'], part?: string) => {
    await page.getByTestId('area-interfaces').click()
    if (part) await page.getByTestId('interfaces-part').getByText(part, { exact: true }).click()
  }

  it('a test alert shows both sides of the exchange, and silence as silence', async () => {
    const { page, workstation } = await open(administrator, (fake) => {
      fill(fake)
      fake.handlers['interfaces.send-test-alert'] = () => ({
        outcome: 'delivered',
        error: null,
        ms: 41.2,
        exchange: { request: 'MSH|^~\\&|VIGIL\rOBX|1|TX|【测试】', response: 'MSA|AA|0001' },
      })
    })
    await toInterfaces(page)
    await page.getByTestId('delivery-targets-row').first().dblclick()
    await page.getByTestId('action-submit').click()
    await page.getByTestId('test-request').getByText('OBX|1|TX|【测试】').waitFor()
    await page.getByTestId('test-response').getByText('MSA|AA|0001').waitFor()
    await fits(page)
    expect(workstation.callsOf('interfaces.send-test-alert')[0]?.args).toEqual({ target: 'his-critical' })
    workstation.handlers['interfaces.send-test-alert'] = () => ({
      outcome: 'retry',
      error: 'unreachable',
      ms: 5000,
      exchange: { request: 'MSH|', response: null },
    })
    await page.getByTestId('action-submit').click()
    await page.getByText('没有任何应答').waitFor()
    await page.getByTestId('test-result').getByText('连接不上对方').waitFor()
  })

  it('a target that is paused says until when, and is tried at once on request', async () => {
    const { page, workstation } = await open(administrator, fill)
    await toInterfaces(page)
    await page.getByTestId('delivery-targets-row').nth(1).click()
    await page.getByTestId('target-facts').getByText('已暂停发送').waitFor()
    await page.getByTestId('target-resume').click()
    await eventually(() => workstation.callsOf('interfaces.resume-target').length).toBe(1)
    await fits(page)
  })

  it('a quarantined message is looked at once, corrected, and taken in with carriage returns', async () => {
    const { page, workstation } = await open(administrator, fill)
    await toInterfaces(page, '隔离区')
    await page.getByTestId('quarantine-row').first().dblclick()
    const area = page.getByTestId('quarantined-text')
    await eventually(() => area.inputValue()).toBe(text.replaceAll('\r', '\n'))
    await area.fill((await area.inputValue()).replace('PID|1||||', 'PID|1||P001||'))
    await page.getByText('按改正后的内容入库').click()
    await eventually(() => workstation.callsOf('interfaces.replay-quarantined')[0]?.args).toEqual({
      id: '1',
      text: text.replace('PID|1||||', 'PID|1||P001||'),
    })
    expect(workstation.callsOf('interfaces.quarantined-message')).toHaveLength(1)
  })

  it('a clinician’s answer is shown, and cannot be changed', async () => {
    const { page } = await open(administrator, (fake) => {
      fill(fake)
      fake.handlers['interfaces.quarantined-message'] = () => ({
        message: message('1', { feed: 'his-replies' }),
        text,
        veiled: false,
        correctable: false,
      })
    })
    await toInterfaces(page, '隔离区')
    await page.getByTestId('quarantine-row').first().dblclick()
    await page.getByText('不能改写').waitFor()
    expect(await page.getByTestId('quarantined-text').getAttribute('readonly')).not.toBeNull()
  })

  it('one that still cannot be taken in says why, and what was typed stays', async () => {
    const { page } = await open(administrator, (fake) => {
      fill(fake)
      fake.handlers['interfaces.replay-quarantined'] = () =>
        fake.fail('message-unusable', { reason: 'missing', where: 'PID-3' })
    })
    await toInterfaces(page, '隔离区')
    await page.getByTestId('quarantine-row').first().dblclick()
    await page.getByTestId('quarantined-text').fill('MSH|changed')
    await page.getByTestId('action-submit').click()
    await page.getByTestId('action-failure').getByText('PID-3').waitFor()
    expect(await page.getByTestId('quarantined-text').inputValue()).toBe('MSH|changed')
    await page.keyboard.press('Escape')
    expect(await page.getByTestId('quarantined-text').inputValue()).toBe('MSH|changed')
    // Taken back, it closes, and the keyboard is in the list again.
    await page.getByTestId('quarantined-undo').click()
    await page.getByTestId('quarantined-text').press('Escape')
    await eventually(() => page.evaluate('document.activeElement.dataset.testid')).toBe('quarantine-table')
  })

  it('a dead letter is sent again', async () => {
    const { page, workstation } = await open(administrator, fill)
    await toInterfaces(page, '死信')
    await page.getByTestId('dead-letters-row').first().click()
    await page.getByTestId('letter-replay').click()
    await eventually(() => workstation.callsOf('interfaces.replay-dead-letter')[0]?.args).toEqual({
      id: 'letter-1',
    })
  })
})
