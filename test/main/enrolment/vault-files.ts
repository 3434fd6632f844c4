import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Vault } from '../../../src/main/vault/index.ts'

/** A vault that outlives its process, each entry written at once or not at all, as an operating system's does. */
export function vaultFiles(directory: string): Vault {
  mkdirSync(directory, { recursive: true })
  const file = (name: string) => join(directory, name)
  return {
    async read(name) {
      try {
        return readFileSync(file(name), 'utf8')
      } catch {
        return null
      }
    },
    async write(name, secret) {
      writeFileSync(file(`${name}.new`), secret)
      renameSync(file(`${name}.new`), file(name))
    },
    remove: async (name) => rmSync(file(name), { force: true }),
  }
}
