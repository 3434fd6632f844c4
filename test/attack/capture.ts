import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Why nothing can be captured here, or null: tcpdump has to be installed, and allowed to listen on loopback. */
export function captureSkipReason(): string | null {
  const trial = spawnSync('tcpdump', ['-i', 'lo', '-c', '1', '-w', '/dev/null', 'port', '1'], {
    timeout: 700,
  })
  if ((trial.error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return 'tcpdump is not installed'
  return /listening on/.test(String(trial.stderr)) ? null : 'capturing on loopback is not permitted'
}

/** Records what goes over a loopback port, both ways, until `stop`. */
export async function startCapture(port: number, file: string): Promise<{ stop(): Promise<void> }> {
  const args = [
    '-i',
    'lo',
    '-U',
    '--immediate-mode',
    '-s',
    '0',
    '-B',
    '16384',
    '-Z',
    'root',
    '-w',
    file,
    'tcp',
    'port',
    String(port),
  ]
  const child = spawn('tcpdump', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk) => /listening on/.test(String(chunk)) && resolve())
    void ended.then(() => reject(new Error('tcpdump ended')))
  })
  return {
    async stop() {
      // What is on its way to the file.
      await new Promise((resolve) => setTimeout(resolve, 300))
      child.kill('SIGINT')
      await ended
    },
  }
}

export interface Flow {
  fromPort: number
  /** The bytes sent, in order. */
  bytes: Buffer
}

/** The TCP flows in a capture file (libpcap, Ethernet framing, IPv4), each direction by itself. */
export function flowsOf(file: string): Flow[] {
  const pcap = readFileSync(file)
  const flows = new Map<string, { fromPort: number; segments: Map<number, Buffer> }>()
  for (let at = 24; at + 16 <= pcap.length; ) {
    const length = pcap.readUInt32LE(at + 8)
    const packet = pcap.subarray(at + 16, at + 16 + length)
    at += 16 + length
    const ip = packet.subarray(14)
    const tcp = ip.subarray(((ip[0] ?? 0) & 15) * 4, ip.readUInt16BE(2))
    const payload = tcp.subarray(((tcp[12] ?? 0) >> 4) * 4)
    const [fromPort, toPort, sequence] = [tcp.readUInt16BE(0), tcp.readUInt16BE(2), tcp.readUInt32BE(4)]
    const key = `${fromPort}-${toPort}`
    const flow = flows.get(key) ?? { fromPort, segments: new Map() }
    if (payload.length > 0) flow.segments.set(sequence, payload)
    flows.set(key, flow)
  }
  return [...flows.values()].map(({ fromPort, segments }) => ({
    fromPort,
    bytes: Buffer.concat([...segments].sort(([a], [b]) => a - b).map(([, payload]) => payload)),
  }))
}

/** The record types of a flow (RFC 8446 5.1), which must be nothing but TLS records from its first byte to its last. */
export function tlsRecords(bytes: Buffer): { type: number; body: Buffer }[] {
  const records: { type: number; body: Buffer }[] = []
  for (let at = 0; at < bytes.length; ) {
    const [type = 0, major, minor] = bytes.subarray(at, at + 3)
    const length = bytes.readUInt16BE(at + 3)
    const known = type >= 20 && type <= 23 && major === 3 && (minor === 3 || minor === 1)
    if (!known || length > 16_640 || at + 5 + length > bytes.length)
      throw new Error(`no TLS record at byte ${at} of ${bytes.length}`)
    records.push({ type, body: bytes.subarray(at + 5, at + 5 + length) })
    at += 5 + length
  }
  return records
}
