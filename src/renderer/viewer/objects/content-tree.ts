import type { DicomJson } from '../../../shared/study/index.ts'
import { items, number, numbers, text, texts } from '../dicom/attributes.ts'

/** A concept, as the document words it. */
export interface Concept {
  value: string
  scheme: string
  meaning: string
}

/** An object of the study that a document refers to. */
export interface ObjectReference {
  sopClassUid: string
  instance: string
  frames: number[]
}

/** One content item of a structured report (PS3.3 C.17.3), with what is under it. */
export interface ContentItem {
  relationship: string
  type: string
  concept: Concept | null
  /** What it says, as text: the words, the coded meaning, number and unit, date, name, UID. '' for containers. */
  value: string
  code: Concept | null
  measured: { value: number; unit: string } | null
  reference: ObjectReference | null
  graphic: { type: string; points: [number, number][] } | null
  children: ContentItem[]
}

/** Deeper than this nobody nests; a document that does is cut there rather than let recurse without end. */
const deepest = 40

export function conceptIn(item: DicomJson, tag: string): Concept | null {
  const [code] = items(item, tag)
  if (!code) return null
  return {
    value: text(code, '00080100') || text(code, '00080119') || text(code, '00080120'),
    scheme: text(code, '00080102'),
    meaning: text(code, '00080104'),
  }
}

function referenceIn(item: DicomJson): ObjectReference | null {
  const [found] = items(item, '00081199')
  if (!found) return null
  return {
    sopClassUid: text(found, '00081150'),
    instance: text(found, '00081155'),
    frames: numbers(found, '00081160'),
  }
}

const date = (value: string) => value.replace(/^(\d{4})(\d{2})(\d{2})/, '$1-$2-$3 ').trim()
const time = (value: string) =>
  value.replace(/^(\d{2})(\d{2})(\d{2})?.*$/, (_, h, m, s) => [h, m, s].filter(Boolean).join(':'))
const dateTime = (value: string) => {
  const [, day = value, clock = ''] = /^(\d{8})(\d{2,6})?/.exec(value) ?? []
  return `${date(day)} ${clock && time(clock)}`.trim()
}

function wordsOf(item: DicomJson, type: string): string {
  switch (type) {
    case 'TEXT':
      return text(item, '0040A160')
    case 'CODE':
      return conceptIn(item, '0040A168')?.meaning ?? ''
    case 'DATE':
      return date(text(item, '0040A121'))
    case 'TIME':
      return time(text(item, '0040A122'))
    case 'DATETIME':
      return dateTime(text(item, '0040A120'))
    case 'PNAME':
      return text(item, '0040A123').replaceAll('^', ' ').trim()
    case 'UIDREF':
      return text(item, '0040A124')
    case 'NUM': {
      const [measured] = items(item, '0040A300')
      if (!measured) return conceptIn(item, '0040A301')?.meaning ?? ''
      const unit = conceptIn(measured, '004008EA')
      return [rounded(text(measured, '0040A30A')), unit && unit.value !== '1' ? unitText(unit) : '']
        .filter(Boolean)
        .join(' ')
    }
    default:
      return ''
  }
}

/** More digits than anybody reads come from arithmetic. */
const rounded = (value: string) => (value.length > 8 ? String(Number(Number(value).toPrecision(5))) : value)

const unitText = ({ value, meaning }: Concept) =>
  ({ "[hnsf'U]": 'HU', mm2: 'mm²', cm2: 'cm²', mm3: 'mm³', cm3: 'cm³', deg: '°', '{pixels}': 'px' })[value] ??
  (value || meaning)

function itemOf(item: DicomJson, depth: number): ContentItem {
  const type = text(item, '0040A040')
  const [measured] = items(item, '0040A300')
  const value = measured && number(measured, '0040A30A')
  const coordinates = numbers(item, '00700022')
  return {
    relationship: text(item, '0040A010'),
    type,
    concept: conceptIn(item, '0040A043'),
    value: wordsOf(item, type),
    code: type === 'CODE' ? conceptIn(item, '0040A168') : null,
    measured:
      value === undefined
        ? null
        : { value, unit: (measured && conceptIn(measured, '004008EA')?.value) || '1' },
    reference: referenceIn(item),
    graphic:
      type === 'SCOORD'
        ? {
            type: text(item, '00700023'),
            points: Array.from({ length: coordinates.length >> 1 }, (_, i) => [
              coordinates[2 * i]!,
              coordinates[2 * i + 1]!,
            ]),
          }
        : null,
    children: depth > deepest ? [] : items(item, '0040A730').map((child) => itemOf(child, depth + 1)),
  }
}

/** A structured report, or a key object selection, as a tree; its root is the document itself. */
export function contentTree(attributes: DicomJson): ContentItem {
  return itemOf({ ...attributes, '0040A040': attributes['0040A040'] ?? { Value: ['CONTAINER'] } }, 0)
}

/** Every image that a tree refers to, in order, once each. */
export function imagesIn(tree: ContentItem): ObjectReference[] {
  const found = new Map<string, ObjectReference>()
  const visit = (item: ContentItem) => {
    if (item.reference && (item.type === 'IMAGE' || item.type === 'COMPOSITE'))
      found.set(`${item.reference.instance} ${item.reference.frames.join()}`, item.reference)
    for (const child of item.children) visit(child)
  }
  visit(tree)
  return [...found.values()]
}

/** Completion and verification of the document (PS3.3 C.17.2), and when and by whom. */
export function standing(attributes: DicomJson) {
  const [verifier] = items(attributes, '0040A073')
  return {
    title: conceptIn(attributes, '0040A043')?.meaning ?? '',
    complete: text(attributes, '0040A491') !== 'PARTIAL',
    verified: text(attributes, '0040A493') === 'VERIFIED',
    at: `${date(text(attributes, '00080023'))} ${time(text(attributes, '00080033'))}`.trim(),
    by:
      (verifier && text(verifier, '0040A075')) ||
      items(attributes, '0040A078').map((author) => text(author, '0040A123'))[0] ||
      texts(attributes, '00081070')[0] ||
      '',
  }
}
