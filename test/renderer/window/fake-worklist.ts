import { isCleared, type Sensitivity } from '../../../src/shared/access/index.ts'
import type { WorklistPage, WorklistQuery } from '../../../src/shared/api/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import type { UserSettings } from '../../../src/shared/settings/index.ts'
import type { WorklistFilter, WorklistRow, WorklistSort } from '../../../src/shared/worklist/index.ts'
import { worklist } from './facts.ts'

const day = 86_400_000

/** The states of a list's filter, as the contract words them. */
const states: Record<WorklistFilter['status'], (row: WorklistRow) => boolean> = {
  all: () => true,
  'to-report': (row) =>
    row.examStatus === 'arrived' && ['none', 'draft', 'rejected'].includes(row.reportStatus),
  mine: (row) => row.claimedBy?.own === true,
  draft: (row) => row.reportStatus === 'draft',
  'to-review': (row) => ['submitted', 'reviewing'].includes(row.reportStatus),
  rejected: (row) => row.reportStatus === 'rejected',
  signed: (row) => row.reportStatus === 'signed',
  'not-arrived': (row) => row.examStatus !== 'arrived',
}

const critical: Record<NonNullable<WorklistFilter['critical']>, (row: WorklistRow) => boolean> = {
  any: (row) => row.criticalAlerts > 0,
  open: (row) => row.criticalOpen > 0,
  suspected: (row) => row.suspected > 0,
}

export function passes(row: WorklistRow, filter: WorklistFilter, now: number): boolean {
  const { search = '', modalities = [], bodyPart = '', department = '', days } = filter
  return (
    (row.patientName.includes(search) || row.accessionNumber.startsWith(search)) &&
    (modalities.length === 0 || modalities.includes(row.modality)) &&
    row.bodyPart.includes(bodyPart) &&
    row.orderingDepartment.includes(department) &&
    states[filter.status](row) &&
    (!filter.urgent || (row.priority === 'stat' && row.reportStatus !== 'signed')) &&
    (filter.critical === undefined || critical[filter.critical](row)) &&
    (days === undefined || (row.examAt !== null && row.examAt > now - days * day))
  )
}

const values: Partial<Record<WorklistSort['column'], (row: WorklistRow) => string | number>> = {
  name: (row) => row.patientName,
  accession: (row) => row.accessionNumber,
  examAt: (row) => row.examAt ?? 0,
  modality: (row) => row.modality,
  status: (row) => `${['ordered', 'done', 'arrived'].indexOf(row.examStatus)}${row.reportStatus}`,
}

function inOrder(rows: readonly WorklistRow[], sort: WorklistSort | null): WorklistRow[] {
  const value = sort && values[sort.column]
  if (value) {
    const sign = sort.direction === 'ascending' ? 1 : -1
    return rows.toSorted((a, b) => sign * (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0))
  }
  const urgent = (row: WorklistRow) => Number(row.priority === 'stat' && row.reportStatus !== 'signed')
  return rows.toSorted((a, b) => urgent(b) - urgent(a) || (b.examAt ?? -1) - (a.examAt ?? -1))
}

/** The list, the claims and the labels of a gateway, and what the person has set, as far as a window asks for them. */
export function createFakeWorklist(now: number, clearance: Sensitivity = 'general') {
  let rows: readonly WorklistRow[] = worklist(now)
  let revision = 1
  let settings: UserSettings = {}
  const change = (study: string, to: (row: WorklistRow) => WorklistRow) => {
    rows = rows.map((row) => (row.studyInstanceUid === study ? to(row) : row))
    revision += 1
  }
  const rowOf = (study: string) => {
    const row = rows.find(({ studyInstanceUid }) => studyInstanceUid === study)
    if (!row) throw new VigilError('study-not-found')
    return row
  }

  return {
    rows: () => rows,
    setRows: (next: readonly WorklistRow[]) => {
      rows = next
      revision += 1
    },
    change,
    settings: () => settings,
    setSettings: (next: UserSettings) => {
      settings = next
    },
    handlers: {
      'worklist.list': ({ filter, sort, offset, limit }: WorklistQuery): WorklistPage => {
        const found = inOrder(
          rows.filter((row) => passes(row, filter, now)),
          sort,
        )
        return {
          rows: found.slice(offset, offset + limit),
          offset,
          total: found.length,
          revision,
          broken: [],
        }
      },
      'study.claim': ({ study, takeOver }: { study: string; takeOver: boolean }) => {
        const { claimedBy } = rowOf(study)
        if (claimedBy && !claimedBy.own && !takeOver) {
          throw new VigilError('exam-claimed', { name: claimedBy.name, since: claimedBy.since })
        }
        change(study, (row) => ({ ...row, claimedBy: { name: '李明华', own: true, since: now } }))
        return {}
      },
      'study.release': ({ study }: { study: string }) => {
        change(study, (row) => ({ ...row, claimedBy: row.claimedBy?.own ? null : row.claimedBy }))
        return {}
      },
      'study.break-glass': ({ study }: { study: string; reason: string }) => {
        change(study, (row) => ({ ...row, masked: false }))
        return { until: now + 4 * 3_600_000 }
      },
      'study.label': ({
        study,
        sensitivity,
      }: {
        study: string
        sensitivity: Sensitivity
        reason: string
      }) => {
        change(study, (row) => ({ ...row, sensitivity, masked: !isCleared(clearance, sensitivity) }))
        return {}
      },
      'study.priors': () => ({ priors: [] }),
      'settings.read': () => ({ settings }),
      'settings.save': ({ area, value }: { area: keyof UserSettings; value: unknown }) => {
        settings = { ...settings, [area]: value ?? undefined }
        return {}
      },
    },
  }
}
