import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPatientMerges } from '../../../src/server/orders/patient-merges.ts'
import { bodyRegions } from '../../../src/server/worklist/body-regions.ts'
import { type Comparable, likeness } from '../../../src/server/worklist/priors.ts'
import type { Sensitivity } from '../../../src/shared/access/index.ts'
import { anOrder, aStudy, openReadingRoom, type ReadingRoom } from '../reports/reading-room.ts'

const day = 86_400_000
const chestCt: Comparable = { modality: 'CT', texts: ['胸部', '胸部CT平扫'], examAt: 1000 * day }
const prior = (facts: Partial<Comparable>) => likeness(chestCt, { ...chestCt, examAt: 990 * day, ...facts })

describe('the likeness of a prior', () => {
  it('is highest for the same examination a short time ago', () => {
    const ranked = [
      prior({}),
      prior({ examAt: 400 * day }),
      prior({ modality: 'DX', texts: ['CHEST'] }),
      prior({ texts: ['头颅'] }),
      prior({ modality: 'MR', texts: ['LSPINE'] }),
    ]
    expect(ranked).toEqual(ranked.toSorted((a, b) => b - a))
    expect(new Set(ranked).size).toBe(ranked.length)
    expect(Math.max(...ranked)).toBeLessThanOrEqual(1)
    expect(Math.min(...ranked)).toBeGreaterThanOrEqual(0)
  })

  it('knows a part of the body in both languages, and an exam that holds the other', () => {
    expect(prior({ texts: ['CHEST', 'Thorax routine'] })).toBe(prior({}))
    expect(prior({ texts: ['胸部、上腹部'] })).toBe(prior({}))
    expect(prior({ modality: '', texts: [], examAt: null })).toBe(0)
  })

  it.each([
    [['颈椎'], ['cervical spine']],
    [['颈部软组织'], ['neck']],
    [['胸椎正侧位'], ['thoracic spine']],
    [['腰椎MRI'], ['lumbar spine']],
    [['双膝关节'], ['knee']],
    [['肾上腺'], ['abdomen']],
    [['头颅', 'BRAIN'], ['head']],
    [['xyz'], []],
  ])('%j is of %j', (texts, regions) => {
    expect([...bodyRegions(texts)]).toEqual(regions)
  })
})

describe('a patient’s other studies', () => {
  let room: ReadingRoom
  beforeEach(async () => {
    room = await openReadingRoom()
  })
  afterEach(() => room.close())
  const priors = async (study: string, who = 'li', clearance: Sensitivity = 'general') => {
    const asked = room.request(who, { params: { study }, query: undefined, body: undefined })
    return (await room.handlers.priorStudies({ ...asked, principal: { ...asked.principal, clearance } }))
      .priors
  }

  it('are those of the person, merged numbers among them, the likeliest first', async () => {
    const at = (studyDate: string, more: object) => ({ studyDate, ...more })
    room.studies.set('1.1', aStudy('1.1', at('20261122', { accessionNumber: 'A1' })))
    room.studies.set(
      '1.2',
      aStudy('1.2', at('20200101', { modalities: ['MR'], bodyPart: 'BRAIN', description: '' })),
    )
    room.studies.set('1.3', aStudy('1.3', at('20261001', { patientId: 'OLD' })))
    room.studies.set('1.4', aStudy('1.4', at('20261001', { patientId: 'P2' })))
    room.studies.set('1.5', aStudy('1.5', at('20261001', { patientId: '' })))
    expect((await priors('1.1')).map((one) => one.studyInstanceUid)).toEqual(['1.2'])
    await room.store.db
      .transaction()
      .execute((trx) => createPatientMerges(room.foundation).add(trx, { merged: 'OLD', surviving: 'P1' }))
    expect((await priors('1.1')).map((one) => one.studyInstanceUid)).toEqual(['1.3', '1.2'])
    expect(await priors('1.5')).toEqual([])
    expect((await priors('1.3')).map((one) => one.studyInstanceUid)).toEqual(['1.1', '1.2'])
    await expect(priors('9.9')).rejects.toMatchObject({ code: 'study-not-found' })
  })

  it('say which are reported, not to a technologist; of a labelled one only that it is there', async () => {
    await room.orders.importOrders(
      [anOrder('A3', { sensitivity: 'sensitive', itemName: '孕检', studyInstanceUid: '1.3' })],
      { kind: 'cli', id: 'test' },
    )
    for (const uid of ['1.1', '1.2', '1.3']) room.studies.set(uid, aStudy(uid))
    await room.signOff('li', '1.2', { findings: '未见异常。', impression: '' })
    const seen = await priors('1.1')
    expect(
      seen.map(({ studyInstanceUid, reported, masked }) => [studyInstanceUid, reported, masked]),
    ).toEqual([
      ['1.2', true, false],
      ['1.3', false, true],
    ])
    expect(seen[1]).toMatchObject({
      itemName: '',
      description: '',
      studyDate: '',
      modalities: [],
      likeness: 0,
    })
    expect((await priors('1.1', 'zhao'))[0]).toMatchObject({ studyInstanceUid: '1.2', reported: false })
    expect((await priors('1.1', 'li', 'sensitive')).map(({ itemName }) => itemName)).toContain('孕检')
  })
})
