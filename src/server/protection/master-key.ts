import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import type { RandomBytes } from '../../shared/time/clock.ts'
import { refuseWiderThanOwner } from './private-file.ts'

const keyLength = 32

/** Makes the master key file, readable by its owner alone. @throws EEXIST where there is one: a master key is never overwritten. */
export async function createMasterKey(file: string, random: RandomBytes): Promise<void> {
  await writeFile(file, `${Buffer.from(random(keyLength)).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  await chmod(file, 0o600)
}

/** Reads the master key. @throws Error naming the file where its mode is wider than 0600 or its content is not a key. */
export async function readMasterKey(file: string): Promise<Buffer> {
  refuseWiderThanOwner(file, await stat(file))
  const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'base64')
  if (key.length !== keyLength)
    throw new Error(`${file}: not a master key (${keyLength} bytes in base64 expected)`)
  return key
}
