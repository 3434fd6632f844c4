import { CriticalDictionary } from '../../../shared/critical/model.ts'
import { VigilError } from '../../../shared/errors/index.ts'

/**
 * A dictionary that may be used: well formed, each type once.
 * @throws VigilError `dictionary-invalid` naming the first wrong field, or the repeated code.
 */
export function readDictionary(content: unknown): CriticalDictionary {
  const parsed = CriticalDictionary.safeParse(content)
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.map(String).join('.') ?? ''
    throw new VigilError('dictionary-invalid', { field })
  }
  const seen = new Set<string>()
  for (const { code } of parsed.data.entries) {
    if (seen.has(code)) throw new VigilError('dictionary-invalid', { field: code, reason: 'repeated' })
    seen.add(code)
  }
  return parsed.data
}
