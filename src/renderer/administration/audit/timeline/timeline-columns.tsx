import { clockTime, dateOf, type Translate } from '../../../i18n/index.ts'
import type { Column } from '../../../table/column.ts'
import { actionText, factsLine, whoText } from '../audit-words.ts'
import type { NamedSubject } from '../search/conditions.ts'
import { CapabilityIcon } from './capability-icon.tsx'
import type { TimelineLine } from './days.ts'

/** A record on each line: when, what, who, from where, and its facts. The subject itself is not said again on every line. */
export function timelineColumns(t: Translate, subject: NamedSubject | null): Column<TimelineLine>[] {
  const of = <T,>(line: TimelineLine, say: (row: Extract<TimelineLine, { kind: 'record' }>['row']) => T) =>
    line.kind === 'record' ? say(line.row) : null
  return [
    {
      key: 'at',
      title: t('administration.at'),
      width: 128,
      render: (line) =>
        line.kind === 'day' ? (
          <strong className="number">{dateOf(line.at)}</strong>
        ) : (
          <span className="number">{of(line, ({ at }) => clockTime(at))}</span>
        ),
    },
    {
      key: 'action',
      title: t('administration.action'),
      width: 224,
      grow: 1,
      render: (line) => {
        if (line.kind === 'day')
          return <span className="quiet">{t('auditor.timeline.day', { count: line.records })}</span>
        if (line.kind === 'gap') return <span className="quiet">{gapText(t, line)}</span>
        return (
          <span className="audit-event">
            <CapabilityIcon action={line.row.action} />
            <span className={line.row.outcome === 'success' ? '' : 'state-bad'}>
              {actionText(t, line.row.action)}
            </span>
            {line.row.outcome !== 'success' && (
              <span className="state-bad">（{t(`administration.outcomes.${line.row.outcome}`)}）</span>
            )}
          </span>
        )
      },
    },
    {
      key: 'who',
      title: t('administration.actor'),
      width: 120,
      grow: 1,
      render: (line) =>
        of(line, (row) =>
          row.actor === `account:${subject?.id}` ? '' : (row.actorName ?? whoText(t, row.actor)),
        ),
    },
    {
      key: 'where',
      title: t('administration.workstationId'),
      width: 120,
      grow: 1,
      render: (line) => of(line, (row) => row.workstationName ?? row.address ?? ''),
    },
    {
      key: 'object',
      title: t('administration.object'),
      width: 160,
      grow: 1,
      render: (line) =>
        of(line, (row) => <span title={row.object}>{whoText(t, row.object, row.objectName)}</span>),
    },
    {
      key: 'detail',
      title: t('administration.detail'),
      width: 200,
      grow: 4,
      render: (line) =>
        of(line, (row) => (
          <span className="quiet" title={factsLine(t, row)}>
            {factsLine(t, row)}
          </span>
        )),
    },
  ]
}

function gapText(t: Translate, { ms, days }: Extract<TimelineLine, { kind: 'gap' }>): string {
  if (days > 0) return t('auditor.timeline.gapDays', { count: days })
  const minutes = Math.round(ms / 60_000)
  return minutes < 60
    ? t('auditor.timeline.gapMinutes', { m: minutes })
    : t('auditor.timeline.gapHours', { h: Math.floor(minutes / 60), m: minutes % 60 })
}
