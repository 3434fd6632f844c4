import type { AuditRow } from '../../../../shared/audit/index.ts'
import type { Translate } from '../../../i18n/index.ts'
import type { Column } from '../../../table/column.ts'
import { timeColumn } from '../../../table/time-column.tsx'
import { actionText, factsLine, whoText } from '../audit-words.ts'
import { referenceOf, subjectOfKind } from '../subjects.ts'
import type { NamedSubject } from './conditions.ts'

/** `onSubject`: what a press on a person, workstation, session, patient or exam does. */
export function recordColumns(t: Translate, onSubject: (subject: NamedSubject) => void): Column<AuditRow>[] {
  const who = (row: AuditRow) => row.actorName ?? whoText(t, row.actor)
  const what = (row: AuditRow) => whoText(t, row.object, row.objectName)
  const outcome = (row: AuditRow) => t(`administration.outcomes.${row.outcome}`)
  const where = (row: AuditRow) => row.workstationName ?? row.address ?? ''
  const patient = (row: AuditRow) => subjectOfKind(row, 'patient')
  const exam = (row: AuditRow) => subjectOfKind(row, 'order') ?? subjectOfKind(row, 'study')
  const press = (subject: NamedSubject | null | undefined, text: string, title = text) =>
    subject ? (
      // The record below has the same by keyboard.
      <button
        type="button"
        tabIndex={-1}
        className="audit-press"
        title={title}
        onClick={() => onSubject(subject)}
        data-kind={subject.kind}
      >
        {text}
      </button>
    ) : (
      <span title={title}>{text}</span>
    )
  return [
    {
      key: 'seq',
      title: t('administration.seq'),
      width: 84,
      render: (row) => <span className="number">{row.seq}</span>,
      text: (row) => String(row.seq),
    },
    timeColumn('at', t('administration.at'), (row) => row.at),
    {
      key: 'action',
      title: t('administration.action'),
      width: 132,
      grow: 1,
      render: (row) => <span title={row.action}>{actionText(t, row.action)}</span>,
      text: (row) => actionText(t, row.action),
    },
    {
      key: 'outcome',
      title: t('administration.outcome'),
      width: 76,
      render: (row) => <span className={row.outcome === 'success' ? '' : 'state-bad'}>{outcome(row)}</span>,
      text: outcome,
    },
    {
      key: 'actor',
      title: t('administration.actor'),
      width: 104,
      grow: 1,
      render: (row) => press(referenceOf(row.actor, row.actorName), who(row)),
      text: who,
    },
    {
      key: 'workstation',
      title: t('administration.workstationId'),
      width: 104,
      grow: 1,
      render: (row) =>
        press(referenceOf(`workstation:${row.workstation ?? ''}`, row.workstationName), where(row)),
      text: where,
    },
    {
      key: 'object',
      title: t('administration.object'),
      width: 140,
      grow: 1,
      render: (row) => press(referenceOf(row.object, row.objectName), what(row)),
      text: (row) => [what(row), row.object].join(' '),
    },
    {
      key: 'patient',
      title: t('auditor.kind.patient'),
      width: 104,
      grow: 1,
      render: (row) => press(patient(row), patient(row)?.label ?? ''),
      text: (row) => patient(row)?.label ?? '',
    },
    {
      key: 'exam',
      title: t('auditor.kind.study'),
      width: 104,
      grow: 1,
      render: (row) => press(exam(row), exam(row)?.label ?? ''),
      text: (row) => exam(row)?.label ?? '',
    },
    {
      key: 'detail',
      title: t('administration.detail'),
      width: 180,
      grow: 4,
      render: (row) =>
        row.detail.unreadable === true ? (
          <span className="state-bad">{t('auditor.damaged')}</span>
        ) : (
          <span className="quiet" title={factsLine(t, row)}>
            {factsLine(t, row)}
          </span>
        ),
      text: (row) => factsLine(t, row),
    },
  ]
}
