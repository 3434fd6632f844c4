import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, readdirSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A real OpenSSH SFTP server of a test's own, on loopback, by key alone; as root it runs as `nobody`. */
export interface SftpServer {
  port: number
  username: string
  keyFile: string
  /** One that the server does not know. */
  strangerKeyFile: string
  /** As `ssh-keygen -lf` prints it. */
  hostKey: string
  /** An empty directory that the user may write. */
  directory: string
  stop(): Promise<void>
}

const sshd = '/usr/sbin/sshd'
export const sftpSkipReason: string | null =
  existsSync(sshd) && existsSync('/usr/bin/ssh-keygen') ? null : 'no OpenSSH server (openssh-server)'

const root = process.getuid?.() === 0
const nobody = 65_534

/** `denied`: requests of the protocol that it refuses, as `sftp-server -P` names them. */
export async function startSftp({ denied = '' } = {}): Promise<SftpServer> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-sftp-'))
  for (const name of ['host', 'user', 'stranger']) {
    const made = spawnSync('/usr/bin/ssh-keygen', [
      '-q',
      '-t',
      'ed25519',
      '-N',
      '',
      '-C',
      '',
      '-f',
      join(dir, name),
    ])
    if (made.status !== 0) throw new Error(`ssh-keygen: ${made.stderr}`)
  }
  const keys = await mkdtemp(join(tmpdir(), 'vigil-sftp-keys-'))
  const kept = async (name: string) => {
    await writeFile(join(keys, name), await readFile(join(dir, name)), { mode: 0o600 })
    return join(keys, name)
  }
  const [keyFile, strangerKeyFile] = [await kept('user'), await kept('stranger')]
  const directory = join(dir, 'place')
  await mkdir(directory)
  await chmod(dir, 0o755)
  const port = await freePort()
  const config = join(dir, 'sshd_config')
  await writeFile(
    config,
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(dir, 'host')}`,
      `AuthorizedKeysFile ${join(dir, 'user.pub')}`,
      'PidFile none',
      // Without it, and without root, an account whose password nobody can read counts as locked.
      'UsePAM yes',
      'StrictModes no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'AuthenticationMethods publickey',
      'AllowTcpForwarding no',
      'X11Forwarding no',
      'Subsystem sftp internal-sftp',
      `ForceCommand internal-sftp${denied && ` -P ${denied}`}`,
      '',
    ].join('\n'),
  )
  if (root) for (const path of ['.', ...readdirSync(dir)]) chownSync(join(dir, path), nobody, nobody)
  const child = spawn(sshd, ['-D', '-e', '-f', config], {
    stdio: 'ignore',
    ...(root ? { uid: nobody, gid: nobody } : {}),
  })
  for (const end = Date.now() + 10_000; !(await listens(port)); await sleep(20))
    if (Date.now() > end || child.exitCode !== null) throw new Error('sshd did not start')
  const shown = spawnSync('/usr/bin/ssh-keygen', ['-lf', join(dir, 'host.pub')]).stdout.toString()
  return {
    port,
    username: root ? 'nobody' : userInfo().username,
    keyFile,
    strangerKeyFile,
    hostKey: shown.split(' ')[1] ?? '',
    directory,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
      await rm(keys, { recursive: true, force: true })
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}
