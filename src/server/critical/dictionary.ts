import { readFile } from 'node:fs/promises'
import { CriticalDictionary } from '../../shared/critical/model.ts'
import { VigilError } from '../../shared/errors/index.ts'

/** The dictionary that a new gateway starts with; it ships with the product. */
export const defaultDictionaryFile = new URL('../../../assets/dictionary/default.json', import.meta.url)

/** Reads and validates a dictionary. @throws VigilError `dictionary-invalid` naming the first wrong field. */
export async function readDictionary(
  file: string | URL = defaultDictionaryFile,
): Promise<CriticalDictionary> {
  return parseDictionary(await readFile(file, 'utf8'))
}

export function parseDictionary(text: string): CriticalDictionary {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (cause) {
    throw new VigilError('dictionary-invalid', { reason: 'not JSON' }, { cause })
  }
  const parsed = CriticalDictionary.safeParse(content)
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.map(String).join('.') ?? ''
    throw new VigilError('dictionary-invalid', { field })
  }
  const codes = parsed.data.entries.map((entry) => entry.code)
  const repeated = codes.find((code, index) => codes.indexOf(code) !== index)
  if (repeated !== undefined) throw new VigilError('dictionary-invalid', { field: repeated })
  return parsed.data
}
