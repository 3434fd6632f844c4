import type { WorkstationState } from '../../shared/ipc/index.ts'
import { sentenceTime, type Translate } from '../i18n/index.ts'

type Ended = NonNullable<Extract<WorkstationState, { phase: 'signed-out' }>['ended']>

/** Why the last session is over, naming whose it was where that is known; empty where they ended it themselves. */
export function endedSentence(t: Translate, ended: Ended, now: number): string {
  if (ended.reason === 'signed-out') return ''
  const time = sentenceTime(ended.at, now)
  const whose = ended.displayName
    ? t('signIn.whose.named', { name: ended.displayName })
    : t('signIn.whose.own')
  if (ended.reason === 'taken-over' && ended.byWorkstation === undefined) {
    return t('signIn.takenOverUnknown', { time, whose })
  }
  return t(`signIn.ended.${ended.reason}`, { time, whose, workstation: ended.byWorkstation ?? '' })
}
