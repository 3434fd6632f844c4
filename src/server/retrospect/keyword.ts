import { ReportSection } from '../../shared/critical/model.ts'
import { createNormaliser, decodeUnits, type Normalised } from '../../shared/critical/normalise.ts'
import type { ReportText } from '../../shared/critical/report.ts'

/** Where a word stands in a report (UTF-16, end exclusive). */
export interface WordPlace {
  section: ReportSection
  start: number
  end: number
}

/** More places of one report show nobody more. */
const mostPlaces = 20

/**
 * A search for words, every one of which must occur; width, case, traditional characters and common doublets do not count,
 * as in text analysis. @returns null where one does not occur, else the first places in order.
 */
export function createKeywordSearch(keyword: string): (text: ReportText) => WordPlace[] | null {
  const normalise = createNormaliser()
  const words = keyword
    .split(/\s+/)
    .map((word) => decodeUnits(normalise(word).units).trim())
    .filter((word) => word !== '')

  return (text) => {
    const sections = ReportSection.options.map((section) => {
      const normalised = normalise(text[section])
      return { section, normalised, folded: decodeUnits(normalised.units) }
    })
    const places: WordPlace[] = []
    for (const word of words) {
      const found = sections.flatMap(({ section, normalised, folded }) =>
        placesOf(word, folded, normalised).map((place) => ({ section, ...place })),
      )
      if (found.length === 0) return null
      places.push(...found)
    }
    const order = (place: WordPlace) => ReportSection.options.indexOf(place.section)
    return places.sort((a, b) => order(a) - order(b) || a.start - b.start).slice(0, mostPlaces)
  }
}

function placesOf(word: string, folded: string, { origin }: Normalised): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (let at = folded.indexOf(word); at >= 0 && found.length < mostPlaces; ) {
    const end = at + word.length
    found.push({ start: origin[at] ?? 0, end: (origin[end - 1] ?? 0) + 1 })
    at = folded.indexOf(word, end)
  }
  return found
}
