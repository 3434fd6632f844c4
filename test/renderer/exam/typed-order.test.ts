import { describe, expect, it } from 'vitest'
import { enteredOrder, typedOrder } from '../../../src/renderer/exam/typed-order.ts'
import type { WorklistRow } from '../../../src/shared/worklist/index.ts'

const now = new Date(2026, 10, 22, 15, 4, 5).getTime()
const images = {
  studyInstanceUid: '1.2.3',
  accessionNumber: '',
  patientId: 'P1',
  patientName: 'Zhang^Wei=张^伟',
  sex: '',
  modality: 'CT',
  itemName: '胸部CT平扫',
  bodyPart: 'CHEST',
  examAt: new Date(2026, 10, 22, 10, 30).getTime(),
} as WorklistRow

describe('an order typed in', () => {
  it('begins with what stands in the images', () => {
    const typed = typedOrder(images, '19800213', now)
    expect(typed).toMatchObject({
      patientName: '张伟',
      sex: '',
      birthDate: '19800213',
      accessionNumber: 'M261122150405',
      scheduledAt: '2026-11-22 10:30',
      studyInstanceUid: '1.2.3',
    })
    expect(enteredOrder({ ...typed, sex: 'M', patientClass: 'emergency' }).order).toMatchObject({
      scheduledAt: images.examAt,
      studyInstanceUid: '1.2.3',
    })
  })

  it('names every field that cannot be right', () => {
    const { wrong } = enteredOrder({
      ...typedOrder(null, '', now),
      patientId: '  ',
      birthDate: '19801332',
      scheduledAt: '明天',
    })
    expect([...(wrong ?? [])].sort()).toEqual([
      'birthDate',
      'itemName',
      'modality',
      'patientClass',
      'patientId',
      'patientName',
      'scheduledAt',
      'sex',
    ])
  })

  it('takes a birth date however it is separated, or none', () => {
    const of = (birthDate: string) =>
      enteredOrder({ ...typedOrder(images, birthDate, now), sex: 'M', patientClass: 'inpatient' })
    for (const text of ['19800213', '1980-02-13', '1980/2/13', '1980年2月13日', ' 1980.02.13 '])
      expect(of(text).order?.birthDate).toBe('19800213')
    expect(of('').order?.birthDate).toBe('')
    for (const text of ['1980', '19800230', '13021980x', 'none'])
      expect(of(text).wrong?.has('birthDate')).toBe(true)
  })
})
