import { describe, expect, it } from 'vitest'
import { ageAt, dicomTime, examFacts } from '../../../src/server/orders/exam-facts.ts'
import { anOrder, aStudy } from '../reports/reading-room.ts'

describe('exam facts', () => {
  it.each([
    ['20261122', '073015.25', new Date(2026, 10, 22, 7, 30, 15).getTime()],
    ['2026.11.22', '', new Date(2026, 10, 22).getTime()],
    ['', '0730', null],
    ['nonsense', '', null],
  ])('time %j %j', (date, time, expected) => {
    expect(dicomTime(date, time)).toBe(expected)
  })

  it.each([
    ['20261101', '021D'],
    ['20260101', '010M'],
    ['20250101', '022M'],
    ['19601123', '065Y'],
    ['19601122', '066Y'],
    ['20270101', ''],
    ['', ''],
  ])('age of %j', (born, expected) => {
    expect(ageAt(born, new Date(2026, 10, 22, 12).getTime())).toBe(expected)
  })

  it('are the order’s, with the study’s time; the study’s alone; the order’s alone', () => {
    const study = aStudy('1.2', { modalities: ['SR', 'MR'], patientName: 'Li Si' })
    const studyAt = new Date(2026, 10, 22, 7, 30).getTime()
    expect(examFacts(anOrder('A1'), study)).toMatchObject({
      patientName: '张伟',
      modality: 'CT',
      examAt: studyAt,
    })
    expect(examFacts(null, study)).toMatchObject({
      patientName: 'Li Si',
      patientNamePinyin: 'Li Si',
      modality: 'MR',
      itemName: '胸部平扫',
      age: '066Y',
      examAt: studyAt,
    })
    expect(examFacts(anOrder('A1'), null)).toMatchObject({ examAt: anOrder('A1').scheduledAt, sex: 'M' })
  })
})
