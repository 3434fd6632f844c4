import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import config from '../../vite.gateway.config.ts'

const server = join(import.meta.dirname, '../../src/server')
const sources = readdirSync(server, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name))

it('the built gateway has a file for each thread and process that it starts', () => {
  const started = sources.flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    const own = [...text.matchAll(/'(\.\/[\w-]+)\.ts' : '\1\.js'/g)].map(([, name]) => basename(name ?? ''))
    // Whoever starts one looks for the built file where the source is not.
    if (/new Worker\(|\bfork\(/.test(text)) expect(own, file).not.toEqual([])
    return own
  })
  expect(started.length).toBeGreaterThan(1)
  const input = config.build?.rolldownOptions?.input as Record<string, string>
  for (const name of started) {
    expect(Object.keys(input)).toContain(name)
    expect(existsSync(input[name] ?? '')).toBe(true)
  }
})
