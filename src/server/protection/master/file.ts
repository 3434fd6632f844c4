import { existsSync } from 'node:fs'
import { chmod, open, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { RandomBytes } from '../../../shared/time/clock.ts'
import { refuseWiderThanOwner } from '../private-file.ts'
import { masterFingerprint } from '../wrapping.ts'

export const masterKeyLength = 32

/** Where the key lies that is about to take the file's place (`vigil keys rotate --purpose master`). */
export const nextMasterKeyFile = (file: string) => `${file}.next`

/** Makes the master key file, readable by its owner alone. @throws EEXIST where there is one: a master key is never overwritten. */
export async function createMasterKey(file: string, random: RandomBytes): Promise<void> {
  const key = Buffer.from(random(masterKeyLength))
  await writeMasterKey(file, key)
  key.fill(0)
}

/** On the disk when it resolves. @throws EEXIST */
export async function writeMasterKey(file: string, key: Buffer): Promise<void> {
  await writeFile(file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  await chmod(file, 0o600)
  await flushDirectory(dirname(file))
}

/** Reads the master key. @throws Error naming the file where its mode is wider than 0600 or its content is not a key. */
export async function readMasterKey(file: string): Promise<Buffer> {
  const stats = await stat(file).catch(() => null)
  if (!stats)
    throw new Error(`${file}: no master key; recover it by vigil keys recover, see docs/operations/keys.md`)
  refuseWiderThanOwner(file, stats)
  return masterKeyOf(file, await readFile(file, 'utf8'))
}

/** 32 bytes in base64. @throws Error naming where it came from, never the text. */
export function masterKeyOf(where: string, text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== masterKeyLength)
    throw new Error(`${where}: not a master key (${masterKeyLength} bytes in base64 expected)`)
  return key
}

/**
 * The key of the file that the database stands under. Where a change of the key was interrupted after the database had taken the
 * new one, the file is put in place now.
 */
export async function readFittingMasterKey(file: string, expected: string | null): Promise<Buffer> {
  const next = nextMasterKeyFile(file)
  if (expected !== null && existsSync(next)) {
    const key = await readMasterKey(next)
    if (masterFingerprint(key) === expected) {
      await putInPlace(file)
      return key
    }
    key.fill(0)
  }
  return readMasterKey(file)
}

/** The next key takes the file's place. Two processes may do it at the same time. */
export async function putInPlace(file: string): Promise<void> {
  await rename(nextMasterKeyFile(file), file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await flushDirectory(dirname(file))
}

/** Makes a new name durable; Windows has no such call and needs none. */
async function flushDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
