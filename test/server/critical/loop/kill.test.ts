import { spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { eventsOf, openWard, raise } from './ward.ts'

const rounds = 6
/** 0.9 s a hop, so that kills fall between and into them. */
const fast = { receiveMinutes: 0.015, handleMinutes: 10, hopMinutes: 0.015 }

it('two gateways on one database, killed at any moment: each hop is told once, none is left out', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-loop-kill-'))
  const masterKey = randomBytes(32)
  const open = async () => {
    const room = await openWard({}, { deadlines: { red: fast } }, { dir, masterKey })
    Object.defineProperty(room.time, 'now', { get: Date.now })
    return room
  }
  try {
    const first = await open()
    const alerts: string[] = []
    for (let i = 0; i < 8; i++) alerts.push(await raise(first, { patientId: `P${i}` }))
    await first.store.close()

    for (let round = 0; round < rounds; round++) {
      const gateways = [0, 1].map(() => gateway(dir, masterKey))
      await Promise.all(gateways.map(({ ready }) => ready))
      await sleep(randomInt(0, 700))
      for (const { kill } of gateways) await kill()
    }

    const last = await open()
    await last.critical.start()
    const story = async (alert: string) =>
      (await eventsOf(last, alert, 'escalated', 'exhausted')).map(({ event }) =>
        event.kind === 'escalated' ? `${event.hop} ${event.to.name}` : 'exhausted',
      )
    for (const end = Date.now() + 20_000; ; await sleep(50)) {
      const stories = await Promise.all(alerts.map(story))
      if (stories.every((one) => one.includes('exhausted'))) break
      if (Date.now() > end) throw new Error('some alert did not come to the end of its chain')
    }
    await last.critical.stop()
    for (const alert of alerts) {
      expect((await story(alert)).slice(0, 4)).toEqual([
        '1 陈医生',
        '2 呼吸内科主任',
        '3 总值班',
        'exhausted',
      ])
      const rows = await last.store.db
        .selectFrom('outbox')
        .select('kind')
        .where('alert_id', '=', alert)
        .where('kind', '=', 'escalation')
        .execute()
      expect(rows).toHaveLength(3)
    }
    expect((await last.audit.verify()).faults).toEqual([])
    await last.store.close()
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}, 90_000)

function gateway(dir: string, masterKey: Buffer) {
  const script = fileURLToPath(new URL('escalating-gateway.ts', import.meta.url))
  const child = spawn(process.execPath, [script, dir, masterKey.toString('hex')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    ready: new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve())
      child.once('exit', (code) => reject(new Error(`the gateway ended by itself with ${code}`)))
    }),
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
  }
}
