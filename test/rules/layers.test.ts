import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Cruises a small tree with the project's own rules and gives the names of those that it breaks. */
function broken(files: Record<string, string>): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-layers-'))
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'))
  writeFileSync(
    join(dir, 'package.json'),
    JSON.stringify({
      type: 'module',
      dependencies: { zod: '*' },
      devDependencies: { electron: '*', vitest: '*' },
    }),
  )
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  const cruise = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
      '--config',
      join(root, '.dependency-cruiser.cjs'),
      '--output-type',
      'json',
      'src',
    ],
    { cwd: dir, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  const report = JSON.parse(cruise.stdout) as { summary: { violations: { rule: { name: string } }[] } }
  return [...new Set(report.summary.violations.map((violation) => violation.rule.name))].sort()
}

const leaf = 'export const x = 1\n'

describe('layer rules', () => {
  it('let a clean tree pass', () => {
    expect(
      broken({
        'src/shared/a.ts': `import { z } from 'zod'\nexport const a = z.string()\n`,
        'src/server/b.ts': `import { a } from '../shared/a.ts'\nimport 'node:fs'\nexport const b = a\n`,
        'src/main/c.ts': `import { a } from '../shared/a.ts'\nexport const c = a\n`,
        'src/main/electron/d.ts': `import type { App } from 'electron'\nexport type D = App\n`,
      }),
    ).toEqual([])
  })

  it.each([
    [
      'the gateway importing the workstation',
      { 'src/main/a.ts': leaf, 'src/server/b.ts': `import { x } from '../main/a.ts'\nexport const y = x\n` },
      'gateway-and-workstation-apart',
    ],
    [
      'the workstation importing the gateway, be it types only',
      {
        'src/server/a.ts': 'export type A = 1\n',
        'src/main/b.ts': `import type { A } from '../server/a.ts'\nexport type B = A\n`,
      },
      'workstation-and-gateway-apart',
    ],
    [
      'shared importing an end',
      {
        'src/server/a.ts': leaf,
        'src/shared/b.ts': `import { x } from '../server/a.ts'\nexport const y = x\n`,
      },
      'shared-is-pure',
    ],
    [
      'shared importing Node',
      { 'src/shared/b.ts': `import { join } from 'node:path'\nexport const y = join\n` },
      'shared-is-pure',
    ],
    [
      'the renderer importing Node',
      { 'src/renderer/b.ts': `import { join } from 'node:path'\nexport const y = join\n` },
      'renderer-has-no-node',
    ],
    [
      'the renderer importing the main process',
      {
        'src/main/a.ts': leaf,
        'src/renderer/b.ts': `import { x } from '../main/a.ts'\nexport const y = x\n`,
      },
      'renderer-has-the-bridge-only',
    ],
    [
      'electron outside its adapter',
      { 'src/main/tokens/b.ts': `import { app } from 'electron'\nexport const y = app\n` },
      'electron-in-its-adapter',
    ],
    [
      'a cycle',
      {
        'src/main/a.ts': `import { y } from './b.ts'\nexport const x = () => y\n`,
        'src/main/b.ts': `import { x } from './a.ts'\nexport const y = () => x\n`,
      },
      'no-cycle',
    ],
    [
      "another capability's inner file",
      {
        'src/server/audit/trail.ts': leaf,
        'src/server/reports/b.ts': `import { x } from '../audit/trail.ts'\nexport const y = x\n`,
      },
      'public-face-of-a-gateway-capability',
    ],
  ])('refuse %s', (_, files, rule) => {
    expect(broken(files as Record<string, string>)).toContain(rule)
  })
})
