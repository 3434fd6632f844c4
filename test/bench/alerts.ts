import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { frameBlock } from '../../src/server/hl7/index.ts'
import { receiverSkipReason, startHl7Receiver } from '../hl7-receiver/index.ts'
import { aStudy, openReadingRoom } from '../server/reports/reading-room.ts'
import { type BenchRow, CannotRun, p99, rowOf, type Samples } from './row.ts'

const signOffs = 150
const burst = 400
const text = { findings: '右侧张力性气胸，纵隔左移。', impression: '' }
const patients = 40

/**
 * From the request that signs a report to the receiver's acknowledgement of its alert on record (analysis, signature
 * check, one transaction to disk, HL7, answer, a second transaction), against what it cannot be faster than: one bare MLLP
 * round trip with the same receiver. Then a backlog of alerts of many patients, delivered as fast as it goes.
 */
export async function benchAlerts(): Promise<BenchRow[]> {
  if (receiverSkipReason) throw new CannotRun(receiverSkipReason)
  const receiver = await startHl7Receiver()
  const target = { name: 'his', kind: 'hl7-mllp', host: '127.0.0.1', port: receiver.port }
  const room = await openReadingRoom({ criticalTargets: [target] })
  Object.defineProperty(room.time, 'now', { get: Date.now })
  const bare = await bareClient(receiver.port)
  const study = (i: number) => {
    const uid = `1.2.${i}`
    room.studies.set(uid, aStudy(uid, { patientId: `P${i % patients}`, accessionNumber: `A${i}` }))
    return uid
  }
  const delivered = async (count: number) => {
    for (;;) {
      const seen = room.events.length
      const { done } = await room.store.db
        .selectFrom('outbox')
        .select((eb) => eb.fn.countAll<number>().as('done'))
        .where('state', '=', 'delivered')
        .executeTakeFirstOrThrow()
      if (done >= count) return
      while (room.events.length === seen) await sleep(0)
    }
  }
  try {
    await room.critical.start()
    const acknowledged: Samples = { ours: [], peer: [] }
    const warmUp = 10
    for (let i = 0; i < signOffs + warmUp; i += 1) {
      const uid = study(i)
      const began = performance.now()
      await room.signOff('li', uid, text)
      await delivered(i + 1)
      const ours = performance.now() - began
      const peer = await timed(() => bare.exchange(message(`BARE${i}`)))
      if (i < warmUp) continue
      acknowledged.ours.push(ours)
      acknowledged.peer.push(peer)
    }
    await room.critical.stop()

    for (let i = 0; i < burst; i += 1) await room.signOff('li', study(100_000 + i), text)
    const again = await openReadingRoom(
      { criticalTargets: [target] },
      { dir: room.dir, masterKey: room.masterKey },
    )
    Object.defineProperty(again.time, 'now', { get: Date.now })
    room.events = again.events
    const ours = await timed(async () => {
      await again.critical.start()
      await delivered(signOffs + warmUp + burst)
    })
    await again.critical.stop()
    await again.store.close()
    const peer = await timed(async () => {
      for (let i = 0; i < burst; i += 1) await bare.exchange(message(`BURST${i}`))
    })
    const perSecond = { ours: [(burst * 1000) / ours], peer: [(burst * 1000) / peer] }
    const peerName = 'bare MLLP round trips, one connection, same receiver'
    return [
      rowOf(
        {
          name: 'sign-off to acknowledged, p99',
          unit: 'ms',
          better: 'lower',
          peerName,
          target: 'none stated; noted',
        },
        acknowledged,
        p99,
      ),
      rowOf(
        {
          name: 'sign-off to acknowledged, median',
          unit: 'ms',
          better: 'lower',
          peerName,
          target: 'none stated; noted',
        },
        acknowledged,
      ),
      rowOf(
        {
          name: 'alerts delivered from a backlog',
          unit: 'alerts/s',
          better: 'higher',
          peerName,
          target: 'none stated; noted',
        },
        perSecond,
      ),
    ]
  } finally {
    bare.close()
    await receiver.stop()
    await room.close()
  }
}

const message = (controlId: string) =>
  Buffer.from(
    `MSH|^~\\&|BENCH|B|CRITICAL|HIS|20261123||ORU^R01^ORU_R01|${controlId}|P|2.5.1\rPID|1||P1||甲\rOBR|1\rOBX|1|TX|A||${'气胸'.repeat(200)}\r`,
  )

/** A socket, a block, and the wait for the end of the answer. */
async function bareClient(port: number) {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return {
    exchange: (body: Buffer) =>
      new Promise<void>((resolve) => {
        const take = (chunk: Buffer) => {
          if (chunk.at(-2) !== 0x1c) return
          socket.off('data', take)
          resolve()
        }
        socket.on('data', take)
        socket.write(frameBlock(body))
      }),
    close: () => void socket.destroy(),
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
