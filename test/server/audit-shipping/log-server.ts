import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { createLogCa } from './certificates.ts'

export const rsyslog = '/usr/sbin/rsyslogd'
export const hasRsyslog = existsSync(rsyslog)

export interface Received {
  messageId: string
  data: Record<string, string>
  text: string
  line: string
}

/**
 * Debian's rsyslog over TLS with mutual authentication by name. `queue`: where a message is between being read and being
 * written; `LinkedList`, in memory, is how rsyslog comes.
 */
export async function createLogServer(
  dir: string,
  { driver, queue = 'Direct' }: { driver: 'gtls' | 'ossl'; queue?: 'Direct' | 'LinkedList' },
) {
  const issue = await createLogCa(dir, 'log-ca')
  await issue('log.hospital', 'server')
  await issue('gateway.hospital', 'gateway')
  const port = await freePort()
  const at = (name: string) => join(dir, name)
  const out = at('received.log')
  await writeFile(
    at('rsyslog.conf'),
    `global(workDirectory="${dir}" maxMessageSize="64k" defaultNetstreamDriverCAFile="${at('log-ca.pem')}"
  defaultNetstreamDriverCertFile="${at('server.pem')}" defaultNetstreamDriverKeyFile="${at('server.key')}")
module(load="imtcp" streamDriver.name="${driver}" streamDriver.mode="1" streamDriver.authMode="x509/name"
  permittedPeer=["gateway.hospital"])
input(type="imtcp" address="127.0.0.1" port="${port}" ruleset="audit")
template(name="raw" type="string" string="%rawmsg%\\n")
ruleset(name="audit" queue.type="${queue}" ${queue === 'Direct' ? '' : 'queue.dequeuebatchsize="1" queue.dequeueslowdown="3000" queue.size="500000"'}) {
  action(type="omfile" file="${out}" template="raw")
}
`,
  )
  let child: ChildProcess | null = null

  return {
    port,
    issue,
    /** The section `audit.shipping` that names it. */
    shipping: (more: { client?: string; ca?: string; serverName?: string } = {}) => ({
      host: '127.0.0.1',
      port,
      tls: {
        caFile: at(`${more.ca ?? 'log-ca'}.pem`),
        certificateFile: at(`${more.client ?? 'gateway'}.pem`),
        keyFile: at(`${more.client ?? 'gateway'}.key`),
        serverName: more.serverName ?? 'log.hospital',
      },
    }),
    async start() {
      child = spawn(rsyslog, ['-n', '-f', at('rsyslog.conf'), '-i', at('rsyslog.pid')], { stdio: 'ignore' })
      await until(() => answers(port))
    },
    signal(signal: NodeJS.Signals) {
      child?.kill(signal)
    },
    async stop(signal: NodeJS.Signals = 'SIGTERM') {
      const ending = child
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
      const over = new Promise((resolve) => ending.once('exit', resolve))
      ending.kill(signal)
      ending.kill('SIGCONT')
      await over
    },
    /** What it wrote, in the order that it did. */
    received(): Received[] {
      if (!existsSync(out)) return []
      const lines = readFileSync(out, 'utf8').split('\n').slice(0, -1)
      return lines.map(parsed)
    },
  }
}

/** rsyslog writes what it reads with control characters as #ooo; there are none in ours. */
function parsed(line: string): Received {
  const match =
    /^<(\d+)>1 \S+ \S+ vigil \d+ (\S+) \[vigil@32473((?: [a-z]+="(?:[^"\\\]]|\\.)*")*)\] \ufeff(.*)$/.exec(
      line,
    )
  if (!match) throw new Error(`not a message of ours: ${line.slice(0, 200)}`)
  const [, , messageId = '', parameters = '', text = ''] = match
  const data = Object.fromEntries(
    [...parameters.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  )
  return { messageId, data, text, line }
}

/** Numbers of records, each once, in the order in which they first came. */
export function seqs(received: readonly Received[]): number[] {
  return [
    ...new Set(received.filter(({ data }) => data.seq !== undefined).map(({ data }) => Number(data.seq))),
  ]
}

export async function until(holds: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  const end = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('not within its time')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
