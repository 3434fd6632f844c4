import type { IpcResult } from '../../../shared/ipc/index.ts'

type Opened = Pick<IpcResult<'report.open'>, 'submission' | 'lockedBy'>

/**
 * Where a report stands for the person who looks at it: theirs to write, handed in by them, waiting for a reviewer, reviewed by them
 * or by another, given back to them or to another, or written by another.
 */
export type Standing =
  | 'writing'
  | 'handed-in'
  | 'to-review'
  | 'reviewing'
  | 'under-review'
  | 'given-back'
  | 'given-back-to-other'
  | 'locked'

export function standingOf({ submission, lockedBy }: Opened, accountId: string): Standing {
  if (!submission) return lockedBy ? 'locked' : 'writing'
  const author = submission.writtenBy.accountId === accountId
  switch (submission.stage) {
    case 'submitted':
      return author ? 'handed-in' : 'to-review'
    case 'reviewing':
      return submission.reviewer?.accountId === accountId ? 'reviewing' : 'under-review'
    case 'rejected':
      return author ? 'given-back' : 'given-back-to-other'
  }
}

/** The text is this person's to change. */
export function isWritable(standing: Standing): boolean {
  return standing === 'writing' || standing === 'reviewing' || standing === 'given-back'
}
