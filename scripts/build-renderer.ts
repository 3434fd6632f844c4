import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const built = join(root, 'out/renderer/index.html')
const sources = [
  'src/renderer',
  'src/shared',
  'assets/dictionary',
  'vite.renderer.config.ts',
  'package-lock.json',
]

/** Builds the renderer into out/renderer where it is missing or older than its sources. @throws Error with the build's output. */
export async function ensureRendererBuilt(): Promise<void> {
  if (
    existsSync(built) &&
    statSync(built).mtimeMs > Math.max(...sources.map((path) => newest(join(root, path))))
  ) {
    return
  }
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const build = spawn(
    process.execPath,
    [vite, 'build', '--config', 'vite.renderer.config.ts', '--logLevel', 'warn'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  for (const stream of [build.stdout, build.stderr]) stream.on('data', (chunk) => (output += chunk))
  const code = await new Promise((resolve) => build.on('close', resolve))
  if (code !== 0) throw new Error(`building the renderer failed:\n${output}`)
}

/** Newest modification time (ms) of a file or of anything in a folder. */
function newest(path: string): number {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}
