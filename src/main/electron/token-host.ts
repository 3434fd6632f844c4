import { utilityProcess } from 'electron'
import type { HostProcess } from '../tokens/index.ts'

/** The PKCS#11 host as an Electron utility process. `entry` is the built host module. */
export function forkUtilityHost(entry: string): HostProcess {
  const child = utilityProcess.fork(entry, [], { serviceName: 'vigil-tokens', stdio: 'ignore' })
  return {
    post: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.on('exit', listener),
    kill: () => void child.kill(),
    get pid() {
      return child.pid
    },
  }
}
