import type { IpcAnswer } from '../../../shared/ipc/index.ts'

/** A call that answers an object with a list in it, as one that answers the list. */
export function rowsOf<Answer, Row>(
  ask: () => Promise<IpcAnswer<Answer>>,
  pick: (answer: Answer) => Row[],
): () => Promise<IpcAnswer<Row[]>> {
  return async () => {
    const answer = await ask()
    return answer.ok ? { ok: true, value: pick(answer.value) } : answer
  }
}
