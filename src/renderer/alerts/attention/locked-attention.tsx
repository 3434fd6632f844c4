import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCallOut } from './call-out.ts'
import { useAttention } from './memory.ts'
import { responseTo } from './response.ts'
import { useTitleMark } from './title-mark.ts'

/** While locked: the task bar flashes and the title carries a mark; what it is about is shown after unlocking. */
export function LockedAttention(): null {
  const { t } = useTranslation()
  const { heard } = useAttention().memory
  const callOut = useCallOut(true)
  // What was heard before the lock was shown before it.
  const [before] = useState(heard)
  const latest = heard.findLast((each) => !before.includes(each))
  const onHeard = useEffectEvent(callOut)
  useEffect(() => {
    if (latest) onHeard([responseTo(latest, { quiet: false, locked: true })])
  }, [latest])
  useTitleMark(latest ? t('alerts.attention.waitingLocked') : null)
  return null
}
