import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A Secret Service for a Linux machine that has none (no desktop session: a server, a container, a test). Only for
 * trying the product: the keyring's own passphrase lies beside it in a file, so that whoever reads the directory reads
 * the vault. A production workstation has the desktop's keyring, unlocked by the user's login.
 */
export interface SecretService {
  kind: 'system' | 'private'
  stop(): void
}

/**
 * Finds the session's Secret Service, or starts a private D-Bus and gnome-keyring below `dataDir` and points this
 * process at them. The user's own keyring is not touched: the private bus starts no services by itself, and the
 * daemon has its own data and runtime directories. Call before the vault is first used.
 * @throws Error where neither is possible.
 */
export async function ensureSecretService(dataDir: string): Promise<SecretService> {
  if (process.platform !== 'linux' || (await reachable())) return { kind: 'system', stop: () => {} }
  const directory = privateDirectory(dataDir)
  const bus = await startBus(directory)
  process.env.DBUS_SESSION_BUS_ADDRESS = bus.address
  const keyring = startKeyring(directory)
  const stop = () => {
    keyring.kill('SIGTERM')
    bus.process.kill('SIGTERM')
  }
  for (let attempt = 0; attempt < 50; attempt++) {
    if (await reachable()) return { kind: 'private', stop }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  stop()
  throw new Error('gnome-keyring-daemon did not become a Secret Service within 5 s')
}

/** Asked in a process of its own: a bus that hangs, or a keyring that waits for a prompt, must not take us with it. */
async function reachable(): Promise<boolean> {
  const address = process.env.DBUS_SESSION_BUS_ADDRESS
  const runtime = process.env.XDG_RUNTIME_DIR
  if (!address && !(runtime && existsSync(join(runtime, 'bus')))) return false
  const question =
    "const k = require('keytar'); k.getPassword('Vigil', 'probe').then(() => process.exit(0), () => process.exit(1))"
  return new Promise((resolve) => {
    const options = {
      timeout: 3_000,
      cwd: import.meta.dirname,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    }
    execFile(process.execPath, ['--input-type=commonjs', '-e', question], options, (error) => resolve(!error))
  })
}

function privateDirectory(dataDir: string): string {
  const directory = join(dataDir, 'keyring')
  for (const path of [directory, join(directory, 'data'), join(directory, 'run')]) {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    chmodSync(path, 0o700)
  }
  return directory
}

/** No <servicedir>: otherwise the bus would activate the system's keyring with the user's own data. */
const busConfiguration = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

async function startBus(directory: string): Promise<{ process: ChildProcess; address: string }> {
  const file = join(directory, 'bus.conf')
  writeFileSync(file, busConfiguration, { mode: 0o600 })
  const arguments_ = ['dbus-daemon', `--config-file=${file}`, '--nofork', '--print-address=1']
  const bus = spawnTied(arguments_, process.env, ['ignore', 'pipe', 'ignore'])
  const address = await new Promise<string>((resolve, reject) => {
    bus.once('error', () => reject(new Error('dbus-daemon cannot be started; is it installed?')))
    bus.once('exit', () => reject(new Error('dbus-daemon ended at once; is it installed?')))
    bus.stdout?.once('data', (data: Buffer) => resolve(data.toString('utf8').trim()))
  })
  bus.stdout?.destroy()
  bus.unref()
  return { process: bus, address }
}

function startKeyring(directory: string): ChildProcess {
  const file = join(directory, 'passphrase')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600 })
  const environment = {
    ...process.env,
    XDG_DATA_HOME: join(directory, 'data'),
    XDG_RUNTIME_DIR: join(directory, 'run'),
  }
  const keyring = spawnTied(
    ['gnome-keyring-daemon', '--foreground', '--unlock', '--components=secrets'],
    environment,
    ['pipe', 'ignore', 'ignore'],
  )
  keyring.on('error', () => {})
  keyring.stdin?.on('error', () => {})
  keyring.stdin?.end(readFileSync(file))
  keyring.unref()
  return keyring
}

/** Part of util-linux; ends the daemon with this process, even where this one is killed outright. */
const setpriv = 'setpriv'

function spawnTied(
  command: string[],
  env: NodeJS.ProcessEnv,
  stdio: ['ignore' | 'pipe', 'ignore' | 'pipe', 'ignore'],
): ChildProcess {
  return spawn(setpriv, ['--pdeathsig', 'TERM', ...command], { env, stdio })
}
