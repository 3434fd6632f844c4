import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { CriticalDictionary } from '../../../shared/critical/model.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import { readDictionary } from './read-dictionary.ts'

/**
 * What a new gateway publishes first: the hospital's own list where the configuration names one, else the product's.
 * @throws Error naming the file and the field where it may not be used; VigilError `dictionary-invalid` for the product's.
 */
export async function startingDictionary(
  file: string | undefined,
  ofProduct: unknown,
): Promise<CriticalDictionary> {
  if (file === undefined) return readDictionary(ofProduct)
  try {
    return readDictionary(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    const { field = '', reason = '' } = error instanceof VigilError ? error.facts : {}
    const why = error instanceof VigilError ? `${field} ${reason}`.trim() : 'cannot be read as JSON'
    throw new Error(`startingDictionaryFile ${basename(file)}: ${why}`, { cause: error })
  }
}
