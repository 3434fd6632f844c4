import { describe, expect, it } from 'vitest'
import { examContext } from '../../../src/renderer/report/exam-context.ts'
import { exam, order } from '../window/facts.ts'
import { study } from '../window/study.ts'

describe('the facts of an exam by which scopes are judged', () => {
  it('are the order’s before the study’s', () => {
    expect(examContext({ study, order })).toEqual(exam)
  })

  it('are the study’s where there is no order, without accessory objects', () => {
    const alone = {
      ...study,
      modalities: ['SR', 'MR'],
      bodyPart: 'CHEST',
      description: '胸部',
      patientAge: '006M',
    }
    expect(examContext({ study: alone, order: null })).toMatchObject({
      modality: 'MR',
      bodyPart: 'CHEST',
      itemName: '胸部',
      patientClass: '',
      age: '006M',
    })
  })

  it('leave an age open that cannot be known, and count a birthday only once it was', () => {
    const bare = { ...study, patientAge: '', patientBirthDate: '', studyDate: '20261122' }
    expect(examContext({ study: bare, order: null }).age).toBe('')
    const born = (patientBirthDate: string) =>
      examContext({ study: { ...bare, patientBirthDate }, order: null }).age
    expect(born('20001122')).toBe('026Y')
    expect(born('20001123')).toBe('025Y')
    expect(born('20270101')).toBe('')
  })
})
