import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { projectRoot } from './places.ts'

/** A part of the product running as its own process, as it does in a hospital. */
export interface Running {
  process: ChildProcess
  /** Settles when the process has ended, however it did. */
  ended: Promise<number | null>
  /** SIGTERM, and waits; SIGKILL where it does not go within 10 s. */
  stop(): Promise<void>
}

/** `vigil serve` on a data directory. Ready once it listens. */
export function startGateway(dir: string, env: NodeJS.ProcessEnv = process.env): Promise<Running> {
  return startNode('gateway', ['src/server/cli/vigil.ts', 'serve', '--dir', dir], /^vigil: serving/, env)
}

/** The workstation in the Chromium shell. Ready once its window is. */
export function startChromiumWorkstation(
  configFile: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Running> {
  return startNode(
    'workstation',
    ['src/main/chromium/main.ts', '--config', configFile, ...flags],
    /window ready/,
    env,
  )
}

/** The workstation in Electron, from the built output. Ready once its debugging port listens. */
export function startElectronWorkstation(
  configFile: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Running> {
  return startNode(
    'workstation',
    ['node_modules/electron/cli.js', '.', `--config=${configFile}`, ...flags],
    /DevTools listening/,
    env,
  )
}

/**
 * Starts a Node process from the project's sources and waits for the line that says it is ready.
 * @throws Error with the process's own words where it ends before.
 */
async function startNode(
  name: string,
  args: readonly string[],
  ready: RegExp,
  env: NodeJS.ProcessEnv,
): Promise<Running> {
  const child = spawn(process.execPath, args.map(String), {
    cwd: projectRoot,
    env: { ...env, PATH: `${join(projectRoot, 'node_modules/.bin')}:${env.PATH ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const said: string[] = []
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line)
        if (said.length > 50) said.shift()
        if (ready.test(line)) resolve()
      })
    }
    child.once('error', reject)
    void ended.then((code) =>
      reject(new Error(`${name} ended (${code}) before it was ready:\n${said.join('\n')}`)),
    )
  })
  return {
    process: child,
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(late)
    },
  }
}
