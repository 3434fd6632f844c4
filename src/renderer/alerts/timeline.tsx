import { useTranslation } from 'react-i18next'
import type { RecordedEvent } from '../../shared/alert/index.ts'
import { dateTime } from '../i18n/index.ts'
import { eventWords } from './event-words.ts'

/** All that happened to an alert, in words, oldest first. */
export function Timeline({ events }: { events: readonly RecordedEvent[] }) {
  const { t } = useTranslation()
  return (
    <ol className="timeline" data-testid="alert-timeline">
      {events.map(({ id, recordedAt, event }) => {
        const { title, facts, tone } = eventWords(t, event)
        return (
          <li key={id} className={`timeline-${tone}`} data-event={event.kind}>
            <time className="number" dateTime={new Date(recordedAt).toISOString()}>
              {dateTime(recordedAt)}
            </time>
            <span className="timeline-what">
              <strong>{title}</strong>
              {facts.map((fact) => (
                <span key={fact} className="timeline-fact">
                  {fact}
                </span>
              ))}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
