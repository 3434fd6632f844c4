import type { CriticalLevel } from '../../../shared/critical/model.ts'
import type { Why } from './notices.ts'

/** How a person is called to something. */
export interface Response {
  sound: { level: CriticalLevel; soft: boolean } | null
  /** In the task bar, where the window is not the one in use. */
  flash: 'until-seen' | 'once'
}

interface Circumstances {
  /** 安静阅片 is on. */
  quiet: boolean
  locked: boolean
}

/**
 * What one thing to notice sets off (docs/decisions/0025). While locked it only flashes: who hears it may be anybody. In quiet
 * reading only what a patient waits for with nobody answering rings, softly: the chain at its end, or a red alert past its
 * time; orange and yellow flash once.
 */
export function responseTo(
  { level, why }: { level: CriticalLevel; why: Why },
  { quiet, locked }: Circumstances,
): Response {
  if (locked) return { sound: null, flash: 'until-seen' }
  const pressing = why === 'exhausted' || (why === 'escalated' && level === 'red')
  if (quiet && !pressing) return { sound: null, flash: level === 'red' ? 'until-seen' : 'once' }
  const soft = quiet || why === 'check-requested' || why === 'check-objected'
  return { sound: { level, soft }, flash: 'until-seen' }
}

/** Several at once sound as one: the most urgent level, and full where any is full. */
export function oneSound(responses: readonly Response[]): Response['sound'] {
  const sounds = responses.flatMap(({ sound }) => sound ?? [])
  const level = (['red', 'orange', 'yellow'] as const).find((each) => sounds.some((s) => s.level === each))
  return level ? { level, soft: sounds.every(({ soft }) => soft) } : null
}
