import type { WorklistQuery } from '../../shared/api/index.ts'
import { pinyinInitials } from './pinyin.ts'
import type { WorklistEntry } from './rows.ts'

/** A test for the entries that a query asks for. It sees only what the person may see, so that no filter tells more. */
export function matches(query: Omit<WorklistQuery, 'limit'>): (entry: WorklistEntry) => boolean {
  const search = fold(query.search ?? '')
  return (entry) =>
    (query.modality === undefined || entry.row.modality === query.modality) &&
    hasStatus(entry, query.status) &&
    (search === '' || isFound(entry, search))
}

function hasStatus({ row }: WorklistEntry, status: WorklistQuery['status']): boolean {
  switch (status) {
    case 'all':
      return true
    case 'to-report':
      // A draft is still to be reported: a list of work must not lose what was begun.
      return row.examStatus === 'arrived' && row.reportStatus !== 'signed'
    case 'critical':
      return row.criticalAlerts > 0
    default:
      return row.reportStatus === status
  }
}

/** Names anywhere, identifiers from their start, pinyin by initials or spelling from the start. */
function isFound({ row, pinyin }: WorklistEntry, search: string): boolean {
  if (fold(row.patientName).includes(search)) return true
  if (fold(row.patientId).startsWith(search) || fold(row.accessionNumber).startsWith(search)) return true
  return pinyin !== '' && (pinyinInitials(pinyin).startsWith(search) || fold(pinyin).startsWith(search))
}

/** Case, full width and blanks do not count. */
function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s^·']+/g, '')
}
