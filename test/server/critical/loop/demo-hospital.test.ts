import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createClinicians } from '../../../../demo/clinicians.ts'
import { freePorts } from '../../../../demo/ports.ts'
import { describeMessage, startReceiver } from '../../../../demo/receiver.ts'
import { aStudy } from '../../reports/reading-room.ts'
import { eventsOf, openWard, raise, stateOf, until } from './ward.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** The demo's hospital and a gateway, each over real sockets, by the real clock. */
async function hospital(rules: object = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-demo-'))
  cleanups.push(() => rm(dir, { recursive: true, force: true }))
  const secret = 's'.repeat(64)
  const secretFile = join(dir, 'secret')
  await writeFile(secretFile, secret, { mode: 0o600 })
  const [receiverPort = 0, repliesPort = 0] = await freePorts(2)
  const lines: string[] = []
  const say = (line: string) => void lines.push(line)
  const clinicians = createClinicians({
    url: `http://127.0.0.1:${repliesPort}/replies`,
    secret: `${secret}\n`.trim(),
    pace: { received: 0.2, handled: 0.6 },
    say,
  })
  cleanups.push(() => clinicians.close())
  const receiver = await startReceiver({
    port: receiverPort,
    onMessage: (message) => {
      say(describeMessage(message))
      clinicians.hear(message)
    },
  })
  cleanups.push(() => receiver.close())
  const room = await openWard(
    {
      criticalTargets: [{ name: 'demo-his', kind: 'hl7-mllp', host: '127.0.0.1', port: receiverPort }],
      replies: { http: [{ name: 'demo-his', port: repliesPort, peers: ['127.0.0.1'], secretFile }] },
    },
    rules,
  )
  Object.defineProperty(room.time, 'now', { get: Date.now })
  cleanups.push(() => room.close())
  await room.critical.start()
  cleanups.push(() => room.critical.stop())
  return { room, lines }
}

describe('the demo’s hospital', () => {
  it('closes the loop: a nurse acknowledges, a doctor handles', async () => {
    const { room, lines } = await hospital()
    const alert = await raise(room)
    room.critical.wake()
    await until(async () => (await stateOf(room, alert)).status === 'handled', 'handled')
    const [received, handled] = await eventsOf(room, alert, 'received', 'handled')
    expect(received!.event).toMatchObject({ by: { role: 'nurse' }, readBack: true, source: 'http' })
    expect(handled!.event).toMatchObject({ by: { role: 'doctor' }, measure: '已通知主管医师，床旁处置' })
    await until(() => lines.length === 3, 'three lines')
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['危急值', '已接收', '已处置'])
    expect(lines[0]).toContain(alert)
  })

  it('leaves a perforation unanswered, and sees it escalate', async () => {
    const fast = { receiveMinutes: 0.02, handleMinutes: 1, hopMinutes: 0.02 }
    const { room, lines } = await hospital({ deadlines: { red: fast } })
    room.studies.set(
      '1.9',
      aStudy('1.9', { accessionNumber: 'G1', description: '腹部平扫', bodyPart: 'ABDOMEN' }),
    )
    await room.signOff('li', '1.9', { findings: '消化道穿孔。', impression: '' })
    room.critical.wake()
    await until(() => lines.some((line) => line.startsWith('升级通知')), 'escalation')
    expect(lines[0]).toMatch(/^危急值 /)
    expect(lines[1]).toMatch(/^无人应答 /)
    expect(lines.some((line) => line.startsWith('已接收'))).toBe(false)
  })
})
