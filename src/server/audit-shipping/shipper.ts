import type { Foundation } from '../foundation.ts'
import { type Batch, batchOf } from './batch.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { ShippingDeps } from './deps.ts'
import { type ShippingCode, ShippingError } from './failure.ts'
import { type Receipts, received, resumed, rewound, settled } from './receipts.ts'
import { openReceiver, type Patience, type Receiver, type ReceiverConnection } from './receiver.ts'
import { createSleep } from './sleep.ts'

export interface ShippingTimes extends Patience {
  /** How often the trail is looked at for something new. */
  pollMs: number
  /** How long the witness must outlive a batch. */
  graceMs: number
  /** How long a receiver may keep what it read in memory before a crash of it no longer matters. */
  settleMs: number
  retryMs: number
  retryMaximumMs: number
}

export const productTimes: ShippingTimes = {
  connectMs: 15_000,
  deliverMs: 60_000,
  pollMs: 1000,
  graceMs: 300,
  settleMs: 60_000,
  retryMs: 1000,
  retryMaximumMs: 60_000,
}

/** Records read at a time; the bytes of a batch are bounded besides. */
const page = 500

export interface Shipper {
  /** Works until `stop`. */
  run(): Promise<void>
  stop(): void
}

/**
 * Brings one receiver every record in its order. RFC 5425 acknowledges nothing, so a batch counts as read where the receiver
 * ended its connection in answer to our end, and a second connection, the witness, opened before that end, is still held
 * afterwards: the receiver ended the first because it had read it, not because it died. The witness carries the next batch.
 * Where the receiver goes away, what it had for less than `settleMs` is sent again: it may have lain in its memory only.
 */
export function createShipper(
  foundation: Foundation,
  deps: ShippingDeps & { receiver: Receiver; name: string; times: ShippingTimes },
): Shipper {
  const { store, clock, log, gatewayId, config } = foundation
  const { receiver, name, times, audit, checkpoints, staff } = deps
  const source = { gatewayId, hospital: config.hospital, hostName: deps.hostName }
  const stopping = new AbortController()
  const sleep = createSleep(stopping.signal)
  let receipts: Receipts = resumed(0)
  let shippedAt: number | null = null
  let lastError: ShippingCode | null = null
  /** Held open while there is nothing to send: that it goes away tells that the receiver did. */
  let standby: ReceiverConnection | null = null
  let gone: ShippingCode | null = null

  async function run(): Promise<void> {
    let delayMs = times.retryMs
    let begun = false
    while (!stopping.signal.aborted) {
      try {
        if (!begun) await begin()
        begun = true
        const batch = await step()
        delayMs = times.retryMs
        if (!batch) await sleep(times.pollMs)
      } catch (error) {
        standby?.close()
        standby = null
        if (stopping.signal.aborted) break
        await trouble(error)
        await sleep(delayMs)
        delayMs = Math.min(delayMs * 2, times.retryMaximumMs)
      }
    }
    standby?.close()
  }

  async function begin(): Promise<void> {
    const cursor = await readCursor(store.db, name)
    receipts = resumed(cursor.settledSeq)
    shippedAt = cursor.shippedAt
  }

  /** Sends what waits, at most one batch. @returns it; null where nothing waited. @throws ShippingError */
  async function step(): Promise<Batch | null> {
    if (gone !== null) throw new ShippingError(gone)
    const connection = standby ?? (await open())
    standby = connection
    const batch = await nextBatch()
    if (!batch) {
      if (lastError !== null) await write({ error: null })
      await settle()
      return null
    }
    const witness = await open()
    standby = witness
    await connection.deliver(batch.bytes)
    await sleep(times.graceMs)
    if (!witness.isOpen()) throw new ShippingError(gone ?? 'closed')
    receipts = received(receipts, { lastSeq: batch.lastSeq, at: clock(), checkpoints: batch.checkpoints })
    shippedAt = clock()
    await write({ error: null })
    await settle()
    return batch
  }

  async function open(): Promise<ReceiverConnection> {
    const connection = await openReceiver(receiver, {
      patience: times,
      clock,
      signal: stopping.signal,
    })
    connection.onGone((code) => {
      if (standby === connection) gone = code
    })
    return connection
  }

  async function nextBatch(): Promise<Batch | null> {
    const records = await audit.after(receipts.shippedSeq, page)
    const sent = new Set(receipts.open.flatMap((receipt) => receipt.checkpoints))
    const unsent = (await checkpoints.unshipped(page)).filter(({ seq }) => !sent.has(seq))
    return batchOf(records, unsent, receipts.shippedSeq, {
      source,
      staff: records.length > 0 ? await staff() : new Map(),
      processId: deps.processId,
      certificate: checkpoints.certificatePem,
    })
  }

  async function settle(): Promise<void> {
    const now = settled(receipts, clock(), times.settleMs)
    if (now.receipts === receipts) return
    const checkpoint = now.checkpoints.at(-1)
    if (checkpoint !== undefined) await checkpoints.shipped(checkpoint)
    receipts = now.receipts
    await write({ error: null })
  }

  async function trouble(error: unknown): Promise<void> {
    const code = error instanceof ShippingError ? error.code : 'internal'
    if (code !== lastError) log.warn({ receiver: name, code }, 'audit shipping')
    gone = null
    receipts = rewound(receipts)
    try {
      await write({ error: code })
    } catch {
      // The database's own trouble; the loop goes on and writes it the next time.
      lastError = code
    }
  }

  async function write({ error }: { error: ShippingCode | null }): Promise<void> {
    lastError = error
    const { shippedSeq, settledSeq } = receipts
    await writeCursor(store, name, { shippedSeq, settledSeq, shippedAt, lastError: error })
  }

  return { run, stop: () => stopping.abort() }
}
