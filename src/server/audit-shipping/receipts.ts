/** A batch that the receiver has read, and may still lose: what it read lies in its memory for a while. */
interface Receipt {
  lastSeq: number
  at: number
  checkpoints: readonly number[]
}

/** How far the receiver has read, and how far what it has read is safe there. Pure. */
export interface Receipts {
  readonly shippedSeq: number
  readonly settledSeq: number
  readonly open: readonly Receipt[]
}

/** After a start nothing is known of the time between: it begins where things were settled. */
export function resumed(settledSeq: number): Receipts {
  return { shippedSeq: settledSeq, settledSeq, open: [] }
}

export function received(receipts: Receipts, receipt: Receipt): Receipts {
  return { ...receipts, shippedSeq: receipt.lastSeq, open: [...receipts.open, receipt] }
}

/**
 * What was read longer ago than `afterMs`, by a receiver that has not gone away since, is settled.
 * @returns the checkpoints that are thereby known to be off this machine
 */
export function settled(
  receipts: Receipts,
  now: number,
  afterMs: number,
): { receipts: Receipts; checkpoints: number[] } {
  const done = receipts.open.filter(({ at }) => now - at >= afterMs)
  if (done.length === 0) return { receipts, checkpoints: [] }
  return {
    receipts: {
      ...receipts,
      settledSeq: done.at(-1)?.lastSeq ?? receipts.settledSeq,
      open: receipts.open.slice(done.length),
    },
    checkpoints: done.flatMap(({ checkpoints }) => checkpoints),
  }
}

/** The receiver went away: what was not settled is sent again. */
export function rewound({ settledSeq }: Receipts): Receipts {
  return resumed(settledSeq)
}
