import { useEffect, useEffectEvent } from 'react'
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
  const onHeard = useEffectEvent((since: number) => {
    callOut(heard.slice(since).map((each) => responseTo(each, { quiet: false, locked: true })))
  })
  const latest = heard.at(-1)
  useEffect(() => {
    if (latest) onHeard(-1)
  }, [latest])
  useTitleMark(latest ? t('alerts.attention.waitingLocked') : null)
  return null
}
