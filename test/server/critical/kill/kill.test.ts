import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { receiverSkipReason } from '../../../hl7-receiver/index.ts'
import { postgresSkipReason } from '../../../postgres/index.ts'
import { openReadingRoom, type ReadingRoom } from '../../reports/reading-room.ts'
import { type Clinic, openClinic } from './clinic.ts'
import { type Hospital, hl7Hospital, tableHospital, webhookHospital } from './hospitals.ts'
import { killEach } from './rounds.ts'
import { dictionary } from './rules.ts'
import { expectWhole } from './whole.ts'

for (const [what, why] of [
  ['kills with HL7', receiverSkipReason],
  ['kills with a table', postgresSkipReason],
])
  if (why) console.log(`${what} not tested: ${why}`)

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

describe('a gateway killed at any moment loses nothing, says nothing twice, and keeps the order of each patient', () => {
  it.skipIf(receiverSkipReason)(
    'with a receiver that drops, delays, refuses and answers twice',
    () => prove('HL7', 100, hl7Hospital),
    300_000,
  )
  it('with a webhook that is cut off', () => prove('webhook', 20, webhookHospital), 120_000)
  it.skipIf(postgresSkipReason)(
    'with a table whose database ends connections',
    () => prove('table', 20, tableHospital),
    120_000,
  )
})

async function prove(name: string, kills: number, open: (dir: string) => Promise<Hospital>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-kill-'))
  cleanups.push(() => rm(dir, { recursive: true, force: true }))
  const hospital = await open(dir)
  cleanups.push(hospital.stop)
  const secret = 'k'.repeat(48)
  const secretFile = join(dir, 'reply-secret')
  await writeFile(secretFile, secret, { mode: 0o600 })
  const port = await freePort()
  const clinic = openClinic({ port, secret, arrivals: hospital.arrivals })
  cleanups.push(clinic.stop)
  const masterKey = randomBytes(32)
  const config = {
    criticalTargets: [hospital.target],
    replies: { http: [{ name: 'clinic', port, peers: ['127.0.0.1'], secretFile, requestsPerSecond: 1000 }] },
  }

  const began = performance.now()
  const said = await killEach(kills, { dir, masterKey: masterKey.toString('hex'), config })
  const seconds = Math.round((performance.now() - began) / 1000)

  const room = await openReadingRoom(config, { dictionary, dir, masterKey })
  Object.defineProperty(room.time, 'now', { get: Date.now })
  cleanups.push(room.close)
  const left = await openMessages(room)
  await room.critical.start()
  try {
    await settled(room, hospital, clinic)
  } finally {
    await room.critical.stop()
  }
  await clinic.stop()
  const figures = await expectWhole(room, {
    said,
    arrivals: await hospital.arrivals(),
    answers: clinic.answers,
  })
  console.log(
    `${name}: ${kills} kills in ${seconds} s, ${left} messages open at the last; ${JSON.stringify(figures)}`,
  )
  expect(clinic.refusals).toEqual([])
  // The kills and the other side's faults did hit something of each kind.
  for (const what of ['notices', 'cancels', 'escalations', 'replies', 'withdrawn', 'repeatedAttempts'])
    expect([what, figures[what]]).not.toEqual([what, 0])
}

async function openMessages(room: ReadingRoom): Promise<number> {
  const rows = await room.store.db
    .selectFrom('outbox')
    .select('id')
    .where('state', 'not in', ['delivered', 'cancelled'])
    .execute()
  return rows.length
}

/** Nothing is under way, nothing is overdue, and every answer was taken. */
async function settled(room: ReadingRoom, hospital: Hospital, clinic: Clinic): Promise<void> {
  for (const end = Date.now() + 60_000; ; await sleep(50)) {
    const due = await room.store.db
      .selectFrom('alert_standings')
      .select('alert_id')
      // What was released a moment ago is overdue in another.
      .where('due_at', '<', Date.now() + 60_000)
      .execute()
    const left = await openMessages(room)
    if (due.length === 0 && left === 0 && clinic.idle((await hospital.arrivals()).length)) return
    if (Date.now() > end) throw new Error(`${left} messages not delivered, ${due.length} alerts overdue`)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
