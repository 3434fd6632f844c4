import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DeadLetters } from './dead-letters.tsx'
import { DeliveryTargets } from './delivery-targets.tsx'
import { IncomingFeeds } from './incoming-feeds.tsx'
import { Quarantine } from './quarantine.tsx'
import './interfaces.css'

const parts = {
  targets: DeliveryTargets,
  letters: DeadLetters,
  feeds: IncomingFeeds,
  quarantine: Quarantine,
}
type Part = keyof typeof parts

/** The hospital's interfaces: where alerts go, what was refused there, what comes in, and what could not be taken in. */
export function Interfaces() {
  const { t } = useTranslation()
  const [part, setPart] = useState<Part>('targets')
  const Shown = parts[part]
  return (
    <div className="interfaces" data-testid="interfaces">
      <Segmented
        className="interfaces-parts"
        value={part}
        onChange={setPart}
        options={(Object.keys(parts) as Part[]).map((value) => ({
          value,
          label: t(`interfaces.part.${value}`),
        }))}
        aria-label={t('areas.interfaces')}
        data-testid="interfaces-part"
      />
      <div className="interfaces-shown">
        <Shown key={part} />
      </div>
    </div>
  )
}
