import { spawn } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** A page that Vite builds; all paths from the project's root. */
interface Page {
  config: string
  output: string
  sources: readonly string[]
}

const renderer: Page = {
  config: 'vite.renderer.config.ts',
  output: 'out/renderer',
  sources: [
    'src/renderer',
    'src/shared',
    'assets/dictionary',
    'vite.renderer.config.ts',
    'package-lock.json',
  ],
}

/** Builds the renderer into out/renderer where it is missing or older than its sources. @throws Error with the build's output. */
export const ensureRendererBuilt = () => ensureBuilt(renderer)

/**
 * Builds a page where it is missing or older than its sources. What is there stays whole until the new one is: a running
 * window, or another build, never sees half of it.
 * @throws Error with the build's output.
 */
export async function ensureBuilt({ config, output: folder, sources }: Page): Promise<void> {
  const output = join(root, folder)
  const built = join(output, 'index.html')
  if (
    existsSync(built) &&
    statSync(built).mtimeMs > Math.max(...sources.map((path) => newest(join(root, path))))
  ) {
    return
  }
  const fresh = `${output}-${process.pid}`
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const build = spawn(
    process.execPath,
    [vite, 'build', '--config', config, '--logLevel', 'warn', '--outDir', fresh],
    {
      cwd: root,
      // A test runner's NODE_ENV would otherwise build the development flavour of React.
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let said = ''
  for (const stream of [build.stdout, build.stderr]) stream.on('data', (chunk) => (said += chunk))
  const code = await new Promise((resolve) => build.on('close', resolve))
  if (code !== 0) {
    rmSync(fresh, { recursive: true, force: true })
    throw new Error(`building ${folder} failed:\n${said}`)
  }
  putInPlace(fresh, output)
}

/** Of two that built at once the first to come here wins; the other's build is as new, and thrown away. */
function putInPlace(fresh: string, output: string): void {
  const old = `${fresh}-old`
  unless(['ENOENT'], () => renameSync(output, old))
  unless(['ENOTEMPTY', 'EEXIST'], () => renameSync(fresh, output))
  for (const folder of [old, fresh]) rmSync(folder, { recursive: true, force: true })
}

function unless(expected: readonly string[], move: () => void): void {
  try {
    move()
  } catch (error) {
    if (!expected.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

/** Newest modification time (ms) of a file or of anything in a folder. */
function newest(path: string): number {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}
