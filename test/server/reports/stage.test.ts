import { describe, expect, it } from 'vitest'
import { type ReportAct, refusalOf, reportActs } from '../../../src/server/reports/stage.ts'
import { ReportStage } from '../../../src/shared/report/index.ts'

const locked = 'report-locked-by-other'
const under = 'report-under-review'
const notSubmitted = 'report-not-submitted'
const second = 'second-person-required'

/** Every stage, every person, every act, written down a second time: null is allowed. In the order of `reportActs`. */
const table: Record<string, (string | null)[]> = {
  //          save    discard submit  recall        take-review   release       reject        take-over   sign
  none: [null, null, null, notSubmitted, notSubmitted, notSubmitted, notSubmitted, 'not-found', null],
  'writing holder': [
    null,
    null,
    null,
    notSubmitted,
    notSubmitted,
    notSubmitted,
    notSubmitted,
    'conflict',
    null,
  ],
  'writing other': [
    locked,
    locked,
    locked,
    notSubmitted,
    notSubmitted,
    notSubmitted,
    notSubmitted,
    null,
    locked,
  ],
  'submitted holder': [under, under, under, null, second, 'conflict', 'conflict', 'conflict', under],
  'submitted other': [locked, locked, locked, locked, null, 'conflict', 'conflict', 'conflict', locked],
  'reviewing holder': [null, under, under, under, 'conflict', null, null, 'conflict', null],
  'reviewing author': [under, under, under, under, second, second, second, second, under],
  'reviewing other': [locked, locked, locked, locked, under, locked, locked, null, locked],
  'rejected holder': [
    null,
    null,
    null,
    notSubmitted,
    notSubmitted,
    notSubmitted,
    notSubmitted,
    'conflict',
    null,
  ],
  'rejected other': [
    locked,
    locked,
    locked,
    notSubmitted,
    notSubmitted,
    notSubmitted,
    notSubmitted,
    null,
    locked,
  ],
}

const draftOf = (stage: ReportStage) => ({
  stage,
  holder: stage === 'reviewing' ? 'wang' : 'sun',
  writtenBy: stage === 'writing' ? null : 'sun',
})

describe('what may be done with an unsigned report', () => {
  it.each(Object.keys(table))('%s', (situation) => {
    const [stage = '', person = ''] = situation.split(' ')
    const draft = stage === 'none' ? null : draftOf(ReportStage.parse(stage))
    const who = person === 'holder' ? (draft?.holder ?? '') : person === 'author' ? 'sun' : 'li'
    expect(reportActs.map((act) => refusalOf(act, who, draft))).toEqual(table[situation])
  })

  it('leaves exactly one person who may write at every stage but one that waits for its reviewer', () => {
    for (const stage of ReportStage.options) {
      const writers = ['sun', 'wang', 'li'].filter((who) => refusalOf('save', who, draftOf(stage)) === null)
      expect(writers).toEqual(stage === 'submitted' ? [] : [draftOf(stage).holder])
    }
  })

  it('never lets anybody review, give back or take over what they handed in', () => {
    const acts: ReportAct[] = ['take-review', 'release-review', 'reject', 'take-over']
    for (const stage of ['submitted', 'reviewing'] as const)
      for (const act of acts) expect(refusalOf(act, 'sun', draftOf(stage))).not.toBeNull()
  })
})
