import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** A PostgreSQL server of a test's own: a new cluster in a temporary directory, on loopback. */
export interface Postgres {
  readonly port: number
  /** As the owner of everything. */
  query<T extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<T[]>
  stop(): Promise<void>
}

/** The newest version that is installed. */
const binaries = ['18', '17', '16', '15', '14', '13']
  .map((major) => `/usr/lib/postgresql/${major}/bin`)
  .find((dir) => existsSync(join(dir, 'initdb')))

/** initdb refuses root: the server then runs as Debian's user for it. */
const root = process.getuid?.() === 0
const idOf = (flag: string) => Number(spawnSync('id', [flag, 'postgres']).stdout?.toString() || Number.NaN)
const owner = root && binaries ? { uid: idOf('-u'), gid: idOf('-g') } : {}

/** Why it cannot run here, or null. */
export const postgresSkipReason: string | null = !binaries
  ? 'no PostgreSQL server (postgresql)'
  : Object.values(owner).some(Number.isNaN)
    ? 'root, and no user postgres'
    : null

export async function startPostgres(): Promise<Postgres> {
  if (!binaries) throw new Error(postgresSkipReason ?? '')
  const dir = await mkdtemp(join(tmpdir(), 'vigil-postgres-'))
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(dir, owner.uid, owner.gid)
  const data = join(dir, 'data')
  const run = { ...owner, cwd: dir, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8' } }
  const made = spawnSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'owner', '--auth=trust', '--auth-host=scram-sha-256', '-E', 'UTF8', '--no-sync'],
    run,
  )
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`)
  const port = await freePort()
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: dir, fsync: 'off' }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(join(binaries, 'postgres'), ['-D', data, ...args], { ...run, stdio: 'ignore' })
  const pool = new pg.Pool({ host: dir, port, user: 'owner', database: 'postgres', max: 2 })
  pool.on('error', () => {})
  for (const end = Date.now() + 20_000; ; await sleep(50)) {
    const up = await pool.query('select 1').then(
      () => true,
      () => false,
    )
    if (up) break
    if (Date.now() > end || child.exitCode !== null) throw new Error('PostgreSQL did not start')
  }
  return {
    port,
    query: async (text, values) => (await pool.query(text, values)).rows,
    async stop() {
      await pool.end()
      await stop(child)
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** SIGINT is a fast shutdown: sessions are ended, nothing is waited for. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  await gone
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
