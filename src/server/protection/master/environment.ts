import { masterKeyOf } from './file.ts'

/**
 * The key that a key management service's agent put into the environment. It is taken out of it, so that no child process gets
 * it; what the system shows of the process's first environment (`/proc/<pid>/environ`, to the same user alone) it cannot change.
 * @throws Error naming the variable.
 */
export function takeFromEnvironment(variable: string, env: NodeJS.ProcessEnv): Buffer {
  const text = env[variable]
  delete env[variable]
  if (!text) throw new Error(`environment variable ${variable}: no master key in it`)
  return masterKeyOf(`environment variable ${variable}`, text)
}
