import type { AuditCheckpoint } from '../../shared/audit/index.ts'
import type { CheckpointFile, ShippedRecord } from '../audit/index.ts'
import { type AuditSource, auditMessage, type Staff } from './audit-message.ts'
import { syslogFrame } from './syslog.ts'

/** What goes over one connection. */
export interface Batch {
  bytes: Buffer
  /** The last record in it. */
  lastSeq: number
  records: number
  /** The checkpoints in it, by their record's number. */
  checkpoints: number[]
}

/** A batch is cut off after the record that fills it. */
const mostBytes = 1_048_576

/** IHE ITI TF-2 3.20: what the message id of an audit message is. A checkpoint is ours alone. */
const auditMessageId = 'IHE+RFC-3881'
const checkpointMessageId = 'VIGIL-CHECKPOINT'

/**
 * Frames of the records in their order, each checkpoint behind the record that it speaks of. `checkpoints`: those that were
 * not sent yet, in their order. Null where there is nothing to send.
 */
export function batchOf(
  records: readonly ShippedRecord[],
  checkpoints: readonly AuditCheckpoint[],
  after: number,
  from: {
    source: AuditSource
    staff: Staff
    processId: number
    /** That verifies the checkpoints, PEM: it goes with each, which then needs nothing else to be verified. */
    certificate: string
  },
): Batch | null {
  const { source, staff, processId, certificate } = from
  const frames: Buffer[] = []
  const sent: number[] = []
  const due = [...checkpoints]
  let lastSeq = after
  let bytes = 0
  let count = 0
  const add = (frame: Buffer) => {
    frames.push(frame)
    bytes += frame.length
  }
  const addCheckpoints = () => {
    for (let next = due[0]; next && next.seq <= lastSeq; next = due[0]) {
      add(checkpointFrame({ ...next, certificate }, source, processId))
      sent.push(next.seq)
      due.shift()
    }
  }
  addCheckpoints()
  for (const record of records) {
    if (bytes >= mostBytes) break
    add(recordFrame(record, source, staff, processId))
    lastSeq = record.row.seq
    count += 1
    addCheckpoints()
  }
  if (frames.length === 0) return null
  return { bytes: Buffer.concat(frames), lastSeq, records: count, checkpoints: sent }
}

/** The gateway, the number and the hash stand outside the message too: a receiver sees a gap without reading XML. */
function recordFrame(record: ShippedRecord, source: AuditSource, staff: Staff, processId: number): Buffer {
  const { row, hash } = record
  return syslogFrame({
    severity: row.outcome === 'success' ? 5 : 4,
    at: row.at,
    hostName: source.hostName,
    processId,
    messageId: auditMessageId,
    data: { gateway: source.gatewayId, seq: String(row.seq), hash, action: row.action },
    text: auditMessage(record, source, staff),
  })
}

function checkpointFrame(checkpoint: CheckpointFile, source: AuditSource, processId: number): Buffer {
  return syslogFrame({
    severity: 5,
    at: checkpoint.at,
    hostName: source.hostName,
    processId,
    messageId: checkpointMessageId,
    data: { gateway: source.gatewayId, checkpoint: String(checkpoint.seq), hash: checkpoint.hash },
    text: JSON.stringify(checkpoint),
  })
}
