import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporary } from '../temporary.ts'
import type { TestKey } from './softhsm.ts'

const readerDriver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'
export const openScModule =
  ['x86_64', 'aarch64']
    .map((arch) => `/usr/lib/${arch}-linux-gnu/opensc-pkcs11.so`)
    .find((path) => existsSync(path)) ?? ''
const parts = ['/usr/sbin/pcscd', readerDriver, openScModule, '/usr/bin/unshare', '/usr/bin/nsenter']
export const virtualReaderMissing = !parts.every((path) => existsSync(path))
  ? 'pcscd, vsmartcard-vpcd, opensc or util-linux is not installed'
  : process.getuid?.() !== 0
    ? 'the smart-card daemon runs as root only'
    : daemonRuns() && 'another smart-card daemon is running'

function daemonRuns(): boolean {
  try {
    return process.kill(Number(readFileSync('/run/pcscd/pcscd.pid', 'utf8')), 0)
  } catch {
    rmSync('/run/pcscd/pcscd.comm', { force: true }) // left by one that was killed
    return false
  }
}

export interface VirtualCard {
  insert(): void
  pull(): void
  /** What the processes that use it need in their environment. */
  env: Record<string, string>
  stop(): Promise<void>
}

/**
 * A PIV card (piv-card.ts) in vsmartcard's reader, under a PC/SC daemon of its own. The reader's driver listens on every
 * address there is, so daemon and card are put into a network of their own that has the loopback alone.
 */
export async function startVirtualCard({ keyFile, certFile }: TestKey, pin: string): Promise<VirtualCard> {
  const dir = temporary('card')
  const port = '35963'
  const reader = join(dir, 'reader.conf')
  writeFileSync(
    reader,
    `FRIENDLYNAME "Virtual"\nDEVICENAME /dev/null:${port}\nLIBPATH ${readerDriver}\nCHANNELID ${port}\n`,
  )
  const openSc = join(dir, 'opensc.conf')
  writeFileSync(
    openSc,
    'app default { card_drivers = PIV-II; framework pkcs15 { use_file_caching = false; } }\n',
  )
  const script = 'ip link set lo up && exec /usr/sbin/pcscd --foreground --auto-exit --config "$0"'
  const daemon = spawn('unshare', ['--net', 'sh', '-c', script, reader], { stdio: 'ignore' })
  await exists('/run/pcscd/pcscd.comm')
  const program = [process.execPath, join(import.meta.dirname, 'piv-card.ts'), keyFile, certFile, pin, port]
  const card = spawn('nsenter', ['--net', '--target', String(daemon.pid), ...program], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  return {
    env: { OPENSC_CONF: openSc },
    insert: () => card.stdin.write('in\n'),
    pull: () => card.stdin.write('out\n'),
    async stop() {
      const ended = [card, daemon]
        .filter((child) => child.exitCode === null)
        .map((child) => new Promise((resolve) => child.on('exit', resolve)))
      card.stdin.end()
      daemon.kill('SIGTERM')
      await Promise.all(ended)
    },
  }
}

async function exists(path: string): Promise<void> {
  for (let tries = 0; !existsSync(path); tries++) {
    if (tries > 100) throw new Error(`${path} does not appear`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
