import type { WorkstationState } from '../../shared/ipc/index.ts'
import { sentenceTime, type Translate } from '../i18n/index.ts'

type Ended = NonNullable<Extract<WorkstationState, { phase: 'signed-out' }>['ended']>

/** Why the last session is over, for the person who had it; empty where they ended it themselves. */
export function endedSentence(t: Translate, ended: Ended, now: number): string {
  const time = sentenceTime(ended.at, now)
  if (ended.reason === 'taken-over' && ended.byWorkstation === undefined) {
    return t('signIn.takenOverUnknown', { time })
  }
  return t(`signIn.ended.${ended.reason}`, { time, workstation: ended.byWorkstation ?? '' })
}
