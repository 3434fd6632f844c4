import { spellingOf } from './pinyin.ts'

/** What an exam is found by, folded. */
export interface SearchTerms {
  /** Found anywhere in it. */
  name: string
  bodyPart: string
  /**
   * Found from the start: ids, accession number, pinyin by initials and whole, each behind a blank. One string, because a search
   * goes through a hundred thousand of them.
   */
  starts: string
}

/** Whether an exam is found by what was typed, folded: no blank is in it. */
export function isFoundBy({ name, starts }: SearchTerms, search: string): boolean {
  return starts.includes(` ${search}`) || name.includes(search)
}

export function searchTerms(
  row: {
    patientName: string
    bodyPart: string
    patientId: string
    imagingNumber: string
    accessionNumber: string
  },
  /** The name in Latin letters where it came with one; null for one that must not be found by its spelling. */
  latin: string | null,
): SearchTerms {
  const { initials, whole } =
    latin === null ? { initials: '', whole: '' } : spellingOf(row.patientName, latin)
  const ids = [row.patientId, row.imagingNumber, row.accessionNumber].map(fold)
  const starts = [...new Set([...ids, initials, whole])].filter((term) => term !== '')
  return {
    name: fold(row.patientName),
    bodyPart: fold(row.bodyPart),
    // Joined and not added up, so that it lies in one piece.
    starts: ['', ...starts].join(' '),
  }
}

/** Case, full width and blanks do not count. */
export function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s^·']+/g, '')
}
