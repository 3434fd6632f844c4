import { VigilError } from '../../shared/errors/index.ts'
import type { IpcAnswer } from '../../shared/ipc/index.ts'

/** The value of an answer; throws VigilError with the failure's code otherwise. */
export async function unwrap<T>(answer: Promise<IpcAnswer<T>>): Promise<T> {
  const given = await answer
  if (given.ok) return given.value
  throw new VigilError(given.failure.code, given.failure.facts)
}
