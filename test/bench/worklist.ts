import { rm } from 'node:fs/promises'
import { WorklistQuery } from '../../src/shared/api/index.ts'
import type { StudySummary } from '../../src/shared/study/index.ts'
import type { WorklistRow } from '../../src/shared/worklist/index.ts'
import { anOrder, aStudy, openReadingRoom, type ReadingRoom } from '../server/reports/reading-room.ts'
import { type BenchRow, median, rowOf } from './row.ts'

const exams = 100_000
const rounds = 15
const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗']
const given = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国']

/**
 * A page of 200 from a worklist of 100,000 exams. The peer is plain rows in memory, without order, label or permission, that each
 * request filters and sorts anew: what a list that rebuilds its answer with each request costs at the least.
 */
export async function benchWorklist(): Promise<BenchRow[]> {
  const room = await openReadingRoom()
  try {
    await fill(room)
    const first = performance.now()
    const { total } = await ask(room, {})
    console.log(`worklist: ${total} exams read in ${((performance.now() - first) / 1000).toFixed(1)} s`)
    const rows = await plainRows(room)
    return [
      await measure(room, rows, 'worklist, 100,000 exams: reading order', {}, null),
      await measure(room, rows, 'worklist, 100,000 exams: by name', {}, 'name'),
      await measure(room, rows, 'worklist, 100,000 exams: search by initials', { search: 'zw' }, 'examAt'),
      await afterChange(room, rows),
    ]
  } finally {
    await room.close()
    await rm(room.dir, { recursive: true, force: true })
  }
}

/** Orders straight into the store, as the import writes them but without an audit row for each: that is not what is measured. */
async function fill(room: ReadingRoom): Promise<void> {
  const { createOrderRows } = await import('../../src/server/orders/order-rows.ts')
  const rows = createOrderRows(room.foundation)
  const now = room.time.now
  for (let start = 0; start < exams; start += 2000) {
    await room.store.db.transaction().execute(async (trx) => {
      for (let at = start; at < start + 2000; at++) {
        const name = surnames[at % 20]! + given[(at * 7) % 30]! + given[(at * 13) % 30]!
        await rows.insert(trx, {
          id: `o${at}`,
          order: anOrder(`A${at}`, {
            patientId: `P${at}`,
            patientName: name,
            patientNamePinyin: '',
            scheduledAt: now - at * 60_000,
            priority: at % 40 === 0 ? 'stat' : 'routine',
            modality: ['CT', 'MR', 'DX', 'US'][at % 4]!,
            ...(at % 200 === 0 ? { sensitivity: 'sensitive' as const } : {}),
          }),
          items: [],
          source: 'feed',
          examDoneAt: null,
          cancelledAt: null,
          sentAt: null,
          patientSentAt: null,
        })
      }
    })
  }
  const studies: StudySummary[] = []
  for (let at = 0; at < exams; at++) {
    if (at % 10 === 0) continue
    const facts = { accessionNumber: `A${at}`, patientId: `P${at}` }
    const { series: _, ...summary } = aStudy(`1.2.${at}`, facts)
    studies.push(summary)
  }
  // As the archives do: the same list until something changes.
  room.archive.studies = async () => studies
}

function ask(room: ReadingRoom, filter: object, column: string | null = null) {
  const sort = column === null ? null : { column, direction: 'ascending' }
  const body = WorklistQuery.parse({ filter, sort, limit: 200 })
  return room.handlers.worklist(room.request('li', { params: undefined, query: undefined, body }))
}

async function plainRows(room: ReadingRoom): Promise<WorklistRow[]> {
  const rows: WorklistRow[] = []
  for (let offset = 0; ; offset += 1000) {
    const body = WorklistQuery.parse({ filter: {}, offset, limit: 1000 })
    const page = await room.handlers.worklist(
      room.request('li', { params: undefined, query: undefined, body }),
    )
    rows.push(...page.rows)
    if (rows.length >= page.total || page.rows.length === 0) return rows
  }
}

/** The same question over plain rows; the initials of each name are known beforehand, as with us. */
function rebuilt(
  rows: readonly WorklistRow[],
  initials: ReadonlyMap<string, string>,
  search: string,
  column: string | null,
) {
  const found = rows.filter(
    (row) =>
      search === '' ||
      row.patientName.includes(search) ||
      row.accessionNumber.startsWith(search) ||
      initials.get(row.patientName)!.startsWith(search),
  )
  const { compare } = new Intl.Collator('zh-CN')
  found.sort((a, b) =>
    column === 'name'
      ? compare(a.patientName, b.patientName)
      : column === 'examAt'
        ? (a.examAt ?? 0) - (b.examAt ?? 0)
        : Number(b.priority === 'stat') - Number(a.priority === 'stat') || (b.examAt ?? 0) - (a.examAt ?? 0),
  )
  return found.slice(0, 200)
}

async function measure(
  room: ReadingRoom,
  rows: readonly WorklistRow[],
  name: string,
  filter: { search?: string },
  column: string | null,
  between: (round: number) => Promise<void> = async () => {},
): Promise<BenchRow> {
  const { spellingOf } = await import('../../src/server/worklist/pinyin.ts')
  const initials = new Map(rows.map(({ patientName }) => [patientName, spellingOf(patientName, '').initials]))
  const samples = { ours: [] as number[], peer: [] as number[] }
  await ask(room, filter, column)
  for (let round = 0; round < rounds; round++) {
    await between(round)
    let start = performance.now()
    await ask(room, filter, column)
    samples.ours.push(performance.now() - start)
    start = performance.now()
    rebuilt(rows, initials, filter.search ?? '', column)
    samples.peer.push(performance.now() - start)
  }
  return rowOf(
    {
      name,
      unit: 'ms',
      better: 'lower',
      peerName: 'plain rows, filtered and sorted with each request',
      target: 'ours < 50 ms',
    },
    samples,
    median,
  )
}

/** What the first request after a change costs: the change is taken in, and every order that is kept brought up to it. */
function afterChange(room: ReadingRoom, rows: readonly WorklistRow[]): Promise<BenchRow> {
  return measure(
    room,
    rows,
    'worklist, 100,000 exams: by name, after a change',
    {},
    'name',
    async (round) => {
      const changed = anOrder(`A${round}`, {
        patientId: `P${round}`,
        patientName: `${surnames[round]}新`,
        patientNamePinyin: '',
      })
      await room.orders.importOrders([changed], { kind: 'cli', id: 'bench' })
    },
  )
}
