import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** SQLite's write-ahead log (https://sqlite.org/fileformat2.html, section 4): a header, then one frame a page. */
const headerLength = 32
const frameHeaderLength = 24

/**
 * Whether the log beside a database holds frames that SQLite would pass over without a word: it takes the log to end at the first
 * frame whose checksum does not hold, and what was committed after that is as if it had never been. To be asked before the
 * database is opened: opening, or closing, it may begin the log anew.
 * @returns `damaged` where the log is not what was written, or was torn by a power cut in the middle of a write.
 */
export function journalState(databaseFile: string): 'none' | 'whole' | 'damaged' {
  let descriptor: number
  try {
    descriptor = openSync(`${databaseFile}-wal`, 'r')
  } catch {
    return 'none'
  }
  try {
    return stateOf(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function stateOf(descriptor: number): 'none' | 'whole' | 'damaged' {
  const length = fstatSync(descriptor).size
  if (length === 0) return 'none'
  const header = read(descriptor, 0, headerLength)
  if (header.length < headerLength) return 'damaged'
  const magic = header.readUInt32BE(0)
  if (magic !== 0x377f0682 && magic !== 0x377f0683) return 'damaged'
  const summed = checksum(magic === 0x377f0683)
  const pageSize = header.readUInt32BE(8)
  let sum = summed([0, 0], header.subarray(0, 24))
  if (sum[0] !== header.readUInt32BE(24) || sum[1] !== header.readUInt32BE(28)) return 'damaged'
  const frameLength = frameHeaderLength + pageSize
  for (let at = headerLength; at < length; at += frameLength) {
    const frame = read(descriptor, at, frameLength)
    // The tail of a write that did not come to its end.
    if (frame.length < frameLength) return 'damaged'
    const salts = [8, 12].map((offset) => frame.readUInt32BE(offset) === header.readUInt32BE(offset + 8))
    // Left from before the log was begun anew: both salts are others then.
    if (!salts[0] && !salts[1]) return 'whole'
    sum = summed(summed(sum, frame.subarray(0, 8)), frame.subarray(frameHeaderLength))
    const holds = sum[0] === frame.readUInt32BE(16) && sum[1] === frame.readUInt32BE(20)
    if (!salts[0] || !salts[1] || !holds) return 'damaged'
  }
  return 'whole'
}

function read(descriptor: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length)
  return buffer.subarray(0, readSync(descriptor, buffer, 0, length, position))
}

type Sum = readonly [number, number]

/** Section 4.2: pairs of 32-bit words, in the byte order that the header names. */
const checksum =
  (bigEndian: boolean) =>
  ([first, second]: Sum, bytes: Buffer): Sum => {
    let s0 = first
    let s1 = second
    for (let at = 0; at < bytes.length; at += 8) {
      const x = bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)
      const y = bigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)
      s0 = (s0 + x + s1) >>> 0
      s1 = (s1 + y + s0) >>> 0
    }
    return [s0, s1]
  }
