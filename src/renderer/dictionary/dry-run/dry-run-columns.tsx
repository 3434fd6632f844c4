import type { DryRun, DryRunHit } from '../../../shared/api/dictionary.ts'
import { shortDateTime, type Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { MarkedText } from '../sentence/marked-text.tsx'

export function typeColumns(t: Translate): Column<DryRun['byType'][number]>[] {
  const figure = (key: 'before' | 'after'): Column<DryRun['byType'][number]> => ({
    key,
    title: t(`dictionary.dryRun.${key}`),
    width: 64,
    render: (row) => <span className="number">{row[key]}</span>,
    order: (row) => row[key],
  })
  return [
    {
      key: 'type',
      title: t('finding.type'),
      width: 120,
      grow: 1,
      render: ({ typeName }) => <span title={typeName}>{typeName}</span>,
      text: ({ typeName }) => typeName,
    },
    figure('before'),
    figure('after'),
    {
      key: 'change',
      title: '±',
      width: 56,
      render: ({ before, after }) => {
        if (before === after) return <span className="quiet">0</span>
        const more = after > before
        return (
          <span className={`number ${more ? 'diff-added' : 'diff-removed'}`}>
            {more ? `+${after - before}` : `−${before - after}`}
          </span>
        )
      },
      order: ({ before, after }) => after - before,
    },
  ]
}

export function hitColumns(t: Translate, now: number): Column<DryRunHit>[] {
  return [
    {
      key: 'grade',
      title: t('finding.grade'),
      width: 72,
      render: ({ grade }) => <span className={`grade-word hit-${grade}`}>{t(`grade.${grade}`)}</span>,
    },
    {
      key: 'type',
      title: t('finding.type'),
      width: 120,
      render: ({ typeName, term }) => <span title={`${typeName}\n${term}`}>{typeName}</span>,
    },
    {
      key: 'excerpt',
      title: t('dictionary.dryRun.sentence'),
      width: 240,
      grow: 4,
      render: ({ excerpt, start, end, grade }) => (
        <span title={excerpt}>
          <MarkedText {...aroundTerm(excerpt, start, end, grade)} />
        </span>
      ),
    },
    {
      key: 'exam',
      title: t('dictionary.dryRun.exam'),
      width: 136,
      render: ({ modality, accessionNumber }) => (
        <span className="number">
          {modality} {accessionNumber}
        </span>
      ),
    },
    {
      key: 'signed',
      title: t('dictionary.dryRun.signedAt'),
      width: 96,
      render: ({ signedAt }) => <span className="number quiet">{shortDateTime(signedAt, now)}</span>,
    },
  ]
}

/** The sentence so cut that the term shows in one line. */
export function aroundTerm(excerpt: string, start: number, end: number, grade: DryRunHit['grade']) {
  const from = start > 24 ? start - 16 : 0
  const lead = from > 0 ? '…' : ''
  const text = lead + excerpt.slice(from).replace(/\s/g, ' ')
  const shift = lead.length - from
  return { text, marks: [{ start: start + shift, end: end + shift, grade }] }
}
