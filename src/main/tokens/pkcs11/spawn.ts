import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A process of its own for the vendor libraries, behind what both kinds of shell can start. */
export interface HostProcess {
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  onExit(listener: () => void): void
  kill(): void
  readonly pid: number | undefined
}
export type SpawnHost = () => HostProcess

/** A library that crashes while it is shown a PIN must not leave the PIN in a core dump. */
function withoutCoreDump(): { execPath?: string; execArgv: string[] } {
  if (process.platform === 'win32') return { execArgv: [] } // dumps are written where an administrator asks for them
  const script = 'ulimit -c 0; exec "$0" "$@"'
  return { execPath: '/bin/sh', execArgv: ['-c', script, process.execPath] }
}

/** Starts the host with node's fork; Electron passes its own `SpawnHost` over utilityProcess. */
export function forkHost(entry = fileURLToPath(new URL('./host.ts', import.meta.url))): HostProcess {
  const child: ChildProcess = fork(entry, [], {
    // 'advanced' carries byte arrays as they are, so that a PIN never becomes text on the way.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    ...withoutCoreDump(),
  })
  child.on('error', () => child.kill('SIGKILL'))
  return {
    post: (message) => {
      if (child.connected) child.send(message as object, () => {})
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.on('exit', listener),
    kill: () => child.kill('SIGKILL'),
    get pid() {
      return child.pid
    },
  }
}
