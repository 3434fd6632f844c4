import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AuditRow } from '../../../../shared/audit/index.ts'
import { dateTime } from '../../../i18n/index.ts'
import { actionText, factsOf } from '../audit-words.ts'
import { useJumps } from '../jumps.ts'
import { subjectsOf } from '../subjects.ts'
import type { NamedSubject } from './conditions.ts'

interface RecordFactsProps {
  row: AuditRow
  onSubject: (subject: NamedSubject) => void
  onClose: () => void
}

/** 李伟 · account:…; what the name holds already is not said twice. */
const named = (name: string | undefined, id: string) =>
  !name ? id : name.includes(id) ? name : `${name} · ${id}`

/** One record in full: every id and digest as it was recorded, and where each name in it leads. Esc goes back to the table. */
export function RecordFacts({ row, onSubject, onClose }: RecordFactsProps) {
  const { t } = useTranslation()
  const jumps = useJumps()
  const objectName =
    row.object.startsWith('route:') && row.objectName ? actionText(t, row.objectName) : row.objectName
  const facts: [string, string][] = [
    [t('administration.seq'), String(row.seq)],
    [t('administration.at'), dateTime(row.at)],
    [t('administration.action'), `${actionText(t, row.action)}（${row.action}）`],
    [t('administration.outcome'), t(`administration.outcomes.${row.outcome}`)],
    [t('administration.actor'), named(row.actorName, row.actor)],
    [t('administration.object'), named(objectName, row.object)],
    [t('administration.workstationId'), named(row.workstationName, row.workstation ?? '')],
    [t('administration.address'), row.address ?? ''],
    [t('auditor.kind.session'), row.session ?? ''],
    ...(row.about ?? []).map(({ kind, id, label }): [string, string] => [
      t(`auditor.kind.${kind}`),
      named(label, id),
    ]),
    ...factsOf(t, row),
  ]
  return (
    <section
      className="audit-record"
      aria-label={t('administration.record')}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
      data-testid="audit-record"
    >
      <div className="audit-record-head">
        <div className="audit-leads">
          {subjectsOf(row).map((subject) => (
            <span key={`${subject.kind}:${subject.id}`} className="audit-lead" data-kind={subject.kind}>
              <button
                type="button"
                className="audit-chip"
                title={t('auditor.addHint')}
                onClick={() => onSubject(subject)}
                data-testid="record-subject"
              >
                <span className="audit-kind">{t(`auditor.kind.${subject.kind}`)}</span>
                <span className="audit-chip-label">{subject.label}</span>
              </button>
              <button
                type="button"
                className="audit-press"
                onClick={() => jumps.toTimeline(subject)}
                aria-label={t('auditor.timeline.of', { what: subject.label })}
                data-testid="record-timeline"
              >
                {t('auditor.part.timeline')}
              </button>
              {subject.kind === 'report' && (
                <button
                  type="button"
                  className="audit-press"
                  onClick={() => jumps.toReport(subject.id)}
                  data-testid="record-report"
                >
                  {t('auditor.part.reports')}
                </button>
              )}
            </span>
          ))}
        </div>
        <Button size="small" onClick={onClose}>
          {t('app.close')}
        </Button>
      </div>
      <dl>
        {facts
          .filter(([, value]) => value !== '')
          .map(([name, value], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two facts may have one name, and their places do not change
            <div key={index} className="audit-fact">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  )
}
