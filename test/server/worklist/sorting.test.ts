import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCollation } from '../../../src/server/worklist/collation.ts'
import type { Exam } from '../../../src/server/worklist/exam.ts'
import { createOrderings, type OrderingView } from '../../../src/server/worklist/orderings.ts'
import { WorklistQuery } from '../../../src/shared/api/index.ts'
import { WorklistSort } from '../../../src/shared/worklist/index.ts'
import { anOrder, aStudy, openReadingRoom, type ReadingRoom } from '../reports/reading-room.ts'

const cli = { kind: 'cli', id: 'test' } as const
const day = 86_400_000
let room: ReadingRoom
beforeEach(async () => {
  room = await openReadingRoom()
})
afterEach(() => room.close())

const sorted = async (column: string, direction = 'ascending', who = 'li') =>
  (
    await room.handlers.worklist(
      room.request(who, {
        params: undefined,
        query: undefined,
        body: WorklistQuery.parse({ filter: {}, sort: { column, direction } }),
      }),
    )
  ).rows.map(({ accessionNumber }) => accessionNumber)

/** DICOM date and time of a moment, local. */
function takenAt(at: number) {
  const time = new Date(at)
  const two = (part: number) => String(part).padStart(2, '0')
  return {
    studyDate: `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`,
    studyTime: `${two(time.getHours())}${two(time.getMinutes())}00`,
  }
}

describe('the reading order', () => {
  it('has what can be read first: emergencies, then these days by their wait; never what has no images', async () => {
    const now = room.time.now
    const exams = [
      ['E-NONE', { priority: 'stat' as const }, null],
      ['E-NEW', { priority: 'stat' as const }, now - 1e6],
      ['E-OLD', { priority: 'stat' as const }, now - 9e6],
      ['R-NEW', {}, now - 2e6],
      ['R-OLD', {}, now - 2 * day],
      ['HISTORY', {}, now - 400 * day],
      ['NONE', {}, null],
      ['SIGNED', { priority: 'stat' as const }, now - 3e6],
    ] as const
    await room.orders.importOrders(
      exams.map(([name, facts], at) => anOrder(name, { ...facts, patientId: `P${at}`, scheduledAt: now })),
      cli,
    )
    for (const [at, [name, , taken]] of exams.entries())
      if (taken !== null)
        room.studies.set(
          `1.${at}`,
          aStudy(`1.${at}`, { accessionNumber: name, patientId: `P${at}`, ...takenAt(taken) }),
        )
    await room.signOff('li', '1.7', { findings: '未见异常。', impression: '' })
    expect(await sorted('reading-order')).toEqual([
      'E-OLD',
      'E-NEW',
      'R-OLD',
      'R-NEW',
      'HISTORY',
      'E-NONE',
      'NONE',
      'SIGNED',
    ])
    expect((await sorted('reading-order', 'descending'))[0]).toBe('SIGNED')
    expect((await sorted('waiting', 'descending')).slice(0, 3)).toEqual(['HISTORY', 'R-OLD', 'E-OLD'])
    expect((await sorted('status')).at(-1)).toBe('SIGNED')
    expect((await sorted('reportedBy'))[0]).toBe('SIGNED')
  })
})

describe('columns', () => {
  it('sort as a Chinese reader expects, what is empty last both ways, numbers by value', async () => {
    const names = ['赵六', '王五', '李四', '安琪', '张三']
    await room.orders.importOrders(
      names.map((patientName, at) =>
        anOrder(`A${9 + at}`, {
          patientName,
          patientId: `P${at}`,
          orderingDepartment: at === 0 ? '' : `${at}科`,
          scheduledAt: at,
        }),
      ),
      cli,
    )
    expect(await sorted('name')).toEqual(['A12', 'A11', 'A10', 'A13', 'A9'])
    expect(await sorted('name', 'descending')).toEqual(['A9', 'A13', 'A10', 'A11', 'A12'])
    expect(await sorted('accession')).toEqual(['A9', 'A10', 'A11', 'A12', 'A13'])
    expect((await sorted('department')).at(-1)).toBe('A9')
    expect((await sorted('department', 'descending')).at(-1)).toBe('A9')
    expect(await sorted('examAt', 'descending')).toEqual(['A13', 'A12', 'A11', 'A10', 'A9'])
    for (const { value } of [...WorklistSort.shape.column.options].map((value) => ({ value })))
      expect((await sorted(value)).length).toBe(names.length)
  })

  it('stay in order through changes, as if they were sorted anew', () => {
    let seed = 1
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed % below
    }
    const view: OrderingView = {
      clearance: 'general',
      openings: { general: 'open', sensitive: 'label', 'highly-sensitive': 'label' },
      reader: { accountId: null, reports: true, makesExams: false, oversees: false },
      today: 0,
      relationshipDays: 30,
      reports: true,
      alerts: true,
      recentFrom: 0,
    }
    const exam = (at: number): Exam => {
      const row = {
        patientName: `${'张王李赵安'[random(5)]}${String.fromCharCode(0x4e00 + random(2000))}`,
        examAt: random(50),
      }
      const face = { row, terms: { name: '', bodyPart: '', starts: [] } } as unknown as Exam['full']
      return {
        id: String(at),
        studyIndex: null,
        sensitivity: 'general',
        full: face,
        masked: null,
      } as unknown as Exam
    }
    const all = new Set<Exam>(Array.from({ length: 300 }, (_, at) => exam(at)))
    const kept = createOrderings(() => all)
    const sort = (direction: 'ascending' | 'descending') => ({ column: 'name' as const, direction })
    for (let round = 0; round < 30; round++) {
      for (const direction of ['ascending', 'descending'] as const) {
        const ids = kept.of(sort(direction), view).map((one) => one.exam.id)
        const anew = createOrderings(() => all).of(sort(direction), view)
        expect(ids).toEqual(anew.map((one) => one.exam.id))
      }
      const removed = new Set([...all].filter(() => random(20) === 0))
      // Now and then more than are put in their places one by one.
      const added = Array.from({ length: random(12) + (round % 10 === 9 ? 300 : 0) }, (_, at) =>
        exam(1000 * (round + 1) + at),
      )
      for (const one of removed) all.delete(one)
      for (const one of added) all.add(one)
      kept.replace(removed, added)
    }
  })
})

describe('collation', () => {
  it('gives every text a place between its neighbours, however many come between', () => {
    const collation = createCollation()
    collation.add(['a', 'c'])
    for (let i = 0; i < 200; i++) collation.rankOf(`b${'a'.repeat(i)}`)
    const ranks = Array.from({ length: 200 }, (_, i) => collation.rankOf(`b${'a'.repeat(i)}`))
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
    expect(new Set(ranks).size).toBe(200)
    expect(collation.rankOf('c')).toBeGreaterThan(ranks.at(-1)!)
    expect(collation.generation).toBeGreaterThan(0)
  })
})
