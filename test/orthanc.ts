import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const plugin = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so'
const binaries = ['/usr/sbin/Orthanc', '/usr/bin/Orthanc', '/usr/local/sbin/Orthanc']

/** A real Orthanc (Debian: orthanc, orthanc-dicomweb) that belongs to one test. */
export interface Orthanc {
  /** Base URL of its REST API. */
  url: string
  /** Base URL of DICOMweb, for `archive.url`. */
  dicomwebUrl: string
  /** False where the machine allows no network namespace, so that other machines may reach it, too. */
  isolated: boolean
  /** Stores DICOM files (paths or contents); `refused` are the indexes that Orthanc did not take. */
  upload(files: readonly (string | Buffer)[]): Promise<{ accepted: number; refused: number[] }>
  /** Ends the process as a crash does (SIGKILL); address and storage stay. */
  kill(): Promise<void>
  /** Starts it again, at the same address with the same storage. */
  restart(): Promise<void>
  /** Ends it, and takes its network away. */
  stop(): Promise<void>
}

export interface OrthancOptions {
  /** A directory of the test's own, for configuration, storage and log. */
  dir: string
  /** Asks for HTTP Basic authentication. */
  login?: { username: string; password: string }
}

/** Why no Orthanc can be run here, for `it.skipIf`; null when one can. */
export function orthancMissing(): string | null {
  if (!binaries.some((path) => existsSync(path))) return 'Orthanc is not installed (apt-get install orthanc)'
  return existsSync(plugin) ? null : 'Orthanc has no DICOMweb (apt-get install orthanc-dicomweb)'
}

/**
 * Starts Orthanc with an empty storage, and waits until it answers. Orthanc listens on all interfaces whatever it is told;
 * so it runs, where root may do that, in a network namespace of its own, whose only link is a veth pair to this machine.
 */
export async function startOrthanc({ dir, login }: OrthancOptions): Promise<Orthanc> {
  const missing = orthancMissing()
  if (missing) throw new Error(missing)
  const network = (await isolatedNetwork()) ?? (await sharedNetwork())
  const url = `http://${network.address}:${network.port}`
  const headers = login
    ? { authorization: `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}` }
    : undefined
  const configuration = await writeConfiguration(dir, network.port, login)
  let child: ChildProcess | null = null

  const launch = async () => {
    const [command = '', ...args] = [
      ...network.prefix,
      binaries.find((path) => existsSync(path))!,
      configuration,
    ]
    const log = join(dir, 'orthanc.log')
    const started = spawn(command, [...args, `--logfile=${log}`], { stdio: 'ignore' })
    child = started
    for (let tries = 0; tries < 200; tries += 1) {
      await delay(100)
      if (started.exitCode !== null) {
        throw new Error(
          `Orthanc ended at once:\n${(await readFile(log, 'utf8').catch(() => '')).slice(-2000)}`,
        )
      }
      const answer = await fetch(`${url}/system`, { headers: headers ?? {} }).catch(() => null)
      if (answer?.ok) return
    }
    throw new Error('Orthanc does not answer after 20 s')
  }

  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const running = child
    child = null
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const exited = new Promise((resolve) => running.once('exit', resolve))
    running.kill(signal)
    const overdue = setTimeout(() => running.kill('SIGKILL'), 10_000)
    await exited
    clearTimeout(overdue)
  }

  const store = async (file: string | Buffer): Promise<boolean> => {
    const bytes = typeof file === 'string' ? await readFile(file) : file
    const answer = await fetch(`${url}/instances`, {
      method: 'POST',
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/dicom', ...headers },
    })
    await answer.arrayBuffer()
    return answer.ok
  }

  try {
    await launch()
  } catch (error) {
    await end('SIGKILL')
    await network.close()
    throw error
  }
  return {
    url,
    dicomwebUrl: `${url}/dicom-web`,
    isolated: network.isolated,
    async upload(files) {
      const refused: number[] = []
      for (const [index, file] of files.entries()) if (!(await store(file))) refused.push(index)
      return { accepted: files.length - refused.length, refused }
    },
    kill: () => end('SIGKILL'),
    restart: launch,
    async stop() {
      await end('SIGTERM')
      await network.close()
    },
  }
}

async function writeConfiguration(
  dir: string,
  port: number,
  login: OrthancOptions['login'],
): Promise<string> {
  const storage = join(dir, 'storage')
  await mkdir(storage, { recursive: true })
  const file = join(dir, 'orthanc.json')
  const configuration = {
    Name: 'VIGILTEST',
    StorageDirectory: storage,
    IndexDirectory: storage,
    Plugins: [plugin],
    HttpPort: port,
    DicomServerEnabled: false,
    RemoteAccessAllowed: true,
    AuthenticationEnabled: login !== undefined,
    RegisteredUsers: login ? { [login.username]: login.password } : {},
    // The default, Latin1, erases Chinese from QIDO-RS answers.
    DefaultEncoding: 'Utf8',
    DicomWeb: { Enable: true, Root: '/dicom-web/' },
  }
  await writeFile(file, JSON.stringify(configuration, null, 2))
  return file
}

interface Network {
  address: string
  port: number
  isolated: boolean
  /** What runs a command in it. */
  prefix: string[]
  close(): Promise<void>
}

let networks = 0

/** A network namespace and a veth pair: 10.231.x.y/30, this machine at one end. Null where that is not allowed. */
async function isolatedNetwork(): Promise<Network | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null
  networks += 1
  const index = (process.pid * 8 + networks) % 16_384
  const name = `vigil-${process.pid}-${networks}`
  const [here, there] = [`vg${index}a`, `vg${index}b`]
  const address = (host: number) => `10.231.${index >> 6}.${((index & 63) << 2) + host}`
  const close = async () => {
    await run('ip', ['netns', 'delete', name]).catch(() => undefined)
  }
  try {
    await run('ip', ['netns', 'add', name])
    for (const command of [
      `link add ${here} type veth peer name ${there} netns ${name}`,
      `address add ${address(1)}/30 dev ${here}`,
      `link set ${here} up`,
      `-n ${name} address add ${address(2)}/30 dev ${there}`,
      `-n ${name} link set ${there} up`,
      `-n ${name} link set lo up`,
    ]) {
      await run('ip', command.split(' '))
    }
  } catch {
    await close()
    return null
  }
  return { address: address(2), port: 8042, isolated: true, prefix: ['ip', 'netns', 'exec', name], close }
}

async function sharedNetwork(): Promise<Network> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return {
    address: '127.0.0.1',
    port: address.port,
    isolated: false,
    prefix: [],
    close: async () => undefined,
  }
}
