import { CriticalDictionary } from '../../../shared/critical/model.ts'
import { type DictionaryProblem, dictionaryProblems } from '../../../shared/dictionary/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'

/**
 * A dictionary that may be used: well formed, each type once, and nothing in it that contradicts itself.
 * @throws VigilError `dictionary-invalid` naming the first wrong field, why, and what it is about.
 */
export function readDictionary(content: unknown): CriticalDictionary {
  const parsed = CriticalDictionary.safeParse(content)
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.map(String).join('.') ?? ''
    throw new VigilError('dictionary-invalid', { field: field.slice(0, 400), reason: 'malformed' })
  }
  const wrong = dictionaryProblems(parsed.data).find(({ severity }) => severity === 'error')
  if (wrong) throw invalid(wrong)
  return parsed.data
}

function invalid({ field, reason, value }: DictionaryProblem): VigilError {
  return new VigilError('dictionary-invalid', { field, reason, value: value.slice(0, 400) })
}
