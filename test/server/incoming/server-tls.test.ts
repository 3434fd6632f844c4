import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readServerTls } from '../../../src/server/incoming/index.ts'

let dir: string
const at = (name: string) => join(dir, name)
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigil-server-tls-'))
  for (const name of ['own.pem', 'own.key', 'ca.pem']) await writeFile(at(name), name, { mode: 0o600 })
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const files = (more: object = {}) => ({ certificateFile: at('own.pem'), keyFile: at('own.key'), ...more })

describe('the TLS files of a listener', () => {
  it('are read, the CA of its clients where there is one', async () => {
    expect(await readServerTls(files())).toEqual({ cert: 'own.pem', key: 'own.key' })
    const withClients = files({ clientCaFile: at('ca.pem') })
    expect(await readServerTls(withClients)).toEqual({ cert: 'own.pem', key: 'own.key', ca: 'ca.pem' })
  })

  it('are refused by name where the key is readable by others, or a file is missing', async () => {
    await chmod(at('own.pem'), 0o644)
    await readServerTls(files())
    await chmod(at('own.key'), 0o640)
    await expect(readServerTls(files())).rejects.toThrow(/own\.key: mode 0640 is too wide/)
    await expect(readServerTls(files({ keyFile: at('none.key') }))).rejects.toThrow(/none\.key/)
  })
})
