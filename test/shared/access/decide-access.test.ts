import { describe, expect, it } from 'vitest'
import {
  type AccessTerms,
  decideAccess,
  decideReveal,
  type ExamStanding,
  type Reader,
  type Relationship,
  relationshipOf,
  Sensitivity,
} from '../../../src/shared/access/index.ts'
import { SecurityPolicy } from '../../../src/shared/policy/index.ts'
import { relationships } from './permission-page.ts'

const delivered: AccessTerms = SecurityPolicy.parse({}).access
const hours = [0, 6, 7, 12, 18, 19, 23]
const someTerms: AccessTerms[] = (['never', ...Sensitivity.options] as const).flatMap((relationshipFrom) =>
  [
    [0, 24],
    [7, 19],
    [19, 7],
    [8, 8],
  ].map(([from = 0, until = 0]) => ({
    relationshipFrom,
    relationshipDays: 30,
    sensitiveFromHour: from,
    sensitiveUntilHour: until,
    highlySensitiveFromHour: until % 24,
    highlySensitiveUntilHour: from,
  })),
)

type Asked = Parameters<typeof decideAccess>[0]
/** Every combination there is. */
function* everyCase(): Generator<[Asked, AccessTerms]> {
  for (const terms of someTerms)
    for (const hour of hours)
      for (const label of Sensitivity.options)
        for (const clearance of Sensitivity.options)
          for (const relationship of relationships)
            for (const glass of [false, true])
              for (const carries of [false, true])
                yield [{ carries, clearance, label, relationship, glass, hour }, terms]
}

describe('a decision on access', () => {
  it('never gives less for more: clearance, relationship, glass, permission; or for a lower label', () => {
    let count = 0
    for (const [asked, terms] of everyCase()) {
      count += 1
      if (!decideAccess(asked, terms).granted) continue
      const more: Partial<Asked>[] = [
        ...Sensitivity.options
          .slice(Sensitivity.options.indexOf(asked.clearance))
          .map((clearance) => ({ clearance })),
        { glass: true },
        ...(asked.relationship === null ? relationships.map((relationship) => ({ relationship })) : []),
      ]
      for (const one of more)
        expect([asked, terms, one, decideAccess({ ...asked, ...one }, terms).granted]).toEqual([
          asked,
          terms,
          one,
          true,
        ])
    }
    expect(count).toBeGreaterThan(5000)
  })

  it('gives nothing without the permission, whatever else', () => {
    for (const [asked, terms] of everyCase())
      if (!asked.carries) expect(decideAccess(asked, terms)).toEqual({ granted: false, because: 'role' })
  })

  it('gives nothing above the clearance without glass, whoever it is of', () => {
    for (const [asked, terms] of everyCase()) {
      const above = Sensitivity.options.indexOf(asked.label) > Sensitivity.options.indexOf(asked.clearance)
      if (above && !asked.glass) expect(decideAccess(asked, terms).granted).toBe(false)
    }
  })

  it('asks nothing but the role of general exams, at any hour', () => {
    for (const [asked, terms] of everyCase())
      if (asked.label === 'general' && asked.carries)
        expect(decideAccess(asked, terms)).toEqual({ granted: true })
  })

  it.each<[number, boolean]>([
    [6, false],
    [7, true],
    [18, true],
    [19, false],
  ])('keeps the hours of a label (%i o’clock)', (hour, granted) => {
    const terms = { ...delivered, sensitiveFromHour: 7, sensitiveUntilHour: 19 }
    const asked = { carries: true, clearance: 'sensitive', label: 'sensitive', hour } as const
    const decision = decideAccess({ ...asked, relationship: null, glass: false }, terms)
    expect(decision).toEqual(granted ? { granted } : { granted, because: 'time' })
  })

  it('reveals no highly sensitive identity to who has nothing to do with it, and no labelled one without a reason', () => {
    const all: (Relationship | null)[] = [...relationships]
    for (const label of Sensitivity.options)
      for (const relationship of all)
        for (const granted of [false, true]) {
          const reveal = decideReveal({ carries: true, label, relationship, granted })
          if (label === 'highly-sensitive' && !relationship && !granted)
            expect(reveal).toEqual({ allowed: false })
          else expect(reveal).toEqual({ allowed: true, needsReason: label !== 'general' || !granted })
          expect(decideReveal({ carries: false, label, relationship, granted })).toEqual({ allowed: false })
        }
  })
})

const day = 86_400_000
const today = 1000 * day
const nobody: Reader = { accountId: 'me', reports: false, makesExams: false, oversees: false }
const plain: ExamStanding = {
  signed: false,
  signedAt: null,
  writtenBy: '',
  reviewedBy: '',
  holder: null,
  examAt: null,
}
const signed = { ...plain, signed: true, signedAt: today - 29 * day, writtenBy: 'me', reviewedBy: 'you' }

describe('what a person has to do with an exam', () => {
  it.each<[string, Partial<Reader>, Partial<ExamStanding>, Relationship | null]>([
    ['waits for a report, and they report', { reports: true }, plain, 'reading'],
    ['waits for a report, and they do not', {}, plain, null],
    ['is theirs by draft or claim', {}, { ...signed, writtenBy: '', holder: 'me' }, 'reading'],
    ['was written by them', { reports: true }, signed, 'author'],
    ['was reviewed by them', {}, { ...signed, writtenBy: 'you', reviewedBy: 'me' }, 'author'],
    ['was written by them too long ago', {}, { ...signed, signedAt: today - 30 * day }, null],
    ['was written by another', { reports: true }, { ...signed, writtenBy: 'you' }, null],
    ['is made by them today', { makesExams: true }, { ...plain, examAt: today + 5 }, 'own-day'],
    ['was made yesterday', { makesExams: true }, { ...plain, examAt: today - 5 }, null],
    ['is made tomorrow', { makesExams: true }, { ...plain, examAt: today + day }, null],
    ['is signed, and they answer for quality', { oversees: true }, { ...signed, writtenBy: '' }, 'oversight'],
    ['is not signed, and they answer for quality', { oversees: true }, plain, null],
  ])('%s', (_, reader, exam, expected) => {
    const found = relationshipOf({ ...nobody, ...reader }, { ...plain, ...exam }, { today }, delivered)
    expect(found).toBe(expected)
  })

  it('is not an empty account’s where nobody wrote', () => {
    const all = { reports: true, makesExams: true, oversees: false, accountId: null }
    expect(relationshipOf(all, { ...signed, writtenBy: '', reviewedBy: '' }, { today }, delivered)).toBe(null)
  })
})
