import { utilityProcess } from 'electron'
import type { HostProcess } from '../tokens/index.ts'

/** The PKCS#11 host as an Electron utility process. `entry` is the built host module. */
export function forkUtilityHost(entry: string): HostProcess {
  const child = utilityProcess.fork(entry, [], { serviceName: 'vigil-tokens', stdio: 'ignore' })
  return {
    post: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.on('exit', listener),
    kill() {
      const { pid } = child
      child.kill()
      // Electron asks with SIGTERM; a library that hangs or was stopped may not hear it.
      if (pid !== undefined && process.platform !== 'win32') killNow(pid)
    },
    get pid() {
      return child.pid
    },
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
