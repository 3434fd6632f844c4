import { spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { observationOf, receiverSkipReason, startHl7Receiver, textOf } from '../../hl7-receiver/index.ts'
import { openReadingRoom } from '../reports/reading-room.ts'

const kills = 15
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

describe.skipIf(receiverSkipReason)('a gateway killed at any moment', () => {
  it('loses no alert and raises none twice, in order for each patient', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'vigil-kill-'))
    cleanups.push(() => rm(dir, { recursive: true, force: true }))
    const masterKey = randomBytes(32)
    const receiver = await startHl7Receiver({
      seed: 3,
      drop: 0.05,
      loseAnswer: 0.05,
      nak: 0.1,
      duplicateAck: 0.2,
      delay: 0.02,
    })
    cleanups.push(() => receiver.stop())

    const said: string[] = []
    for (let round = 0; round < kills; round++)
      said.push(
        ...(await runAndKill([
          dir,
          masterKey.toString('hex'),
          String(receiver.port),
          String(round * 10_000),
        ])),
      )
    const told = (what: string) =>
      said.filter((line) => line.startsWith(`${what} `)).map((line) => line.slice(what.length + 1))
    const answered = told('signed')
    expect(answered.length).toBeGreaterThan(0)

    const room = await openReadingRoom(
      {
        criticalTargets: [
          {
            name: 'his',
            kind: 'hl7-mllp',
            host: '127.0.0.1',
            port: receiver.port,
            retrySeconds: 0.05,
            retryMaximumSeconds: 0.1,
            circuit: { coolDownSeconds: 0.1 },
          },
        ],
      },
      { dir, masterKey },
    )
    Object.defineProperty(room.time, 'now', { get: Date.now })
    cleanups.push(() => room.store.close())
    cleanups.push(() => room.critical.stop())
    const atRest = await room.store.db.selectFrom('outbox').select('state').execute()
    await room.critical.start()
    const open = () =>
      room.store.db
        .selectFrom('outbox')
        .select('id')
        .where('state', 'not in', ['delivered', 'cancelled'])
        .execute()
    for (const end = Date.now() + 30_000; (await open()).length > 0; await sleep(50))
      if (Date.now() > end) throw new Error(`${(await open()).length} alerts not delivered`)

    const alerts = await room.store.db
      .selectFrom('alerts')
      .innerJoin('outbox', 'outbox.alert_id', 'alerts.id')
      .select(['alerts.id', 'outbox.control_id', 'outbox.attempts', 'outbox.state'])
      .where('outbox.kind', '=', 'notice')
      .orderBy('alerts.id')
      .execute()
    const versions = await room.store.db.selectFrom('report_versions').select('id').execute()
    console.log(
      `${kills} kills: ${alerts.length} alerts signed, ${answered.length} of them answered, ${atRest.filter(({ state }) => state !== 'delivered').length} open at the last kill, ${receiver.messages.length} messages accepted, ${told('withdrawn').length} withdrawals answered`,
    )

    // Committed together or not at all; what was answered was committed.
    expect(alerts.length).toBe(versions.length)
    const ids = alerts.map((alert) => alert.id)
    expect(answered.filter((id) => !ids.includes(id))).toEqual([])

    // Each arrived but those that were taken back in time, each once as a new one; a repeat carries the same control id.
    const alertIdOf = (message: (typeof receiver.messages)[number]) =>
      textOf(observationOf(message, 'CV-ALERT-ID'))
    const ofKind = (kind: string) =>
      receiver.messages.filter((message) => textOf(observationOf(message, 'CV-MESSAGE')).startsWith(kind))
    const notices = ofKind('notice')
    const fresh = notices.filter((message) => !message.repeat)
    const sent = alerts.filter(({ state }) => state === 'delivered').map(({ id }) => id)
    expect(fresh.map(alertIdOf).sort()).toEqual(sent)
    const controlIds = new Map(alerts.map((alert) => [alert.id, alert.control_id]))
    for (const message of notices) expect(message.controlId).toBe(controlIds.get(alertIdOf(message)))

    // What was taken back and had been sent is cancelled, once, after its notice; nothing else is.
    const withdrawn = await room.store.db
      .selectFrom('alert_standings')
      .select('alert_id')
      .where('status', '=', 'withdrawn')
      .orderBy('alert_id')
      .execute()
    const back = withdrawn.map((row) => row.alert_id)
    expect(told('withdrawn').filter((id) => !back.includes(id))).toEqual([])
    const cancels = ofKind('cancel').filter((message) => !message.repeat)
    expect(cancels.map(alertIdOf).sort()).toEqual(back.filter((id) => sent.includes(id)))
    expect(ids.filter((id) => !sent.includes(id) && !back.includes(id))).toEqual([])
    for (const cancel of cancels) {
      const notice = notices.findLast((message) => alertIdOf(message) === alertIdOf(cancel))!
      expect(receiver.messages.indexOf(notice)).toBeLessThan(receiver.messages.indexOf(cancel))
    }

    // The kills did hit deliveries: some needed more than one attempt.
    expect(alerts.some((alert) => alert.attempts > 1)).toBe(true)

    const patientOf = (message: (typeof receiver.messages)[number]) =>
      textOf(message.segments.PID?.[0]?.[3] ?? '')
    for (const patient of new Set(fresh.map(patientOf))) {
      const order = fresh.filter((message) => patientOf(message) === patient).map(alertIdOf)
      expect(order).toEqual([...order].sort())
    }
    expect((await room.audit.verify()).faults).toEqual([])
  }, 240_000)
})

/**
 * Starts the gateway process and kills it at a random moment: on its way to its first, second, … or fifth answered
 * sign-off, or shortly after, whatever the speed of the machine. Gives what was answered.
 */
async function runAndKill(args: string[]): Promise<string[]> {
  const script = fileURLToPath(new URL('signing-gateway.ts', import.meta.url))
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const answered: string[] = []
  const enough = randomInt(0, 6)
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the gateway process ended by itself with ${code}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line !== 'ready') answered.push(line)
      if (answered.length >= enough) resolve()
    })
  })
  await sleep(randomInt(0, 80))
  child.kill('SIGKILL')
  await gone
  return answered
}
