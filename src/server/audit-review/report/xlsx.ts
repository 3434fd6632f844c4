import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from 'fflate'
import writeXlsxFile, { type SheetData } from 'write-excel-file/node'
import type { ReportContent, ReportPart } from './content.ts'
import { chartXml, drawingXml } from './xlsx-charts.ts'

const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packageRelation = 'http://schemas.openxmlformats.org/package/2006/relationships'
const drawingType = 'application/vnd.openxmlformats-officedocument.drawing+xml'
const chartType = 'application/vnd.openxmlformats-officedocument.drawingml.chart+xml'

/** One sheet a part, the first with what the report is; charts are Excel's own, over the cells of their sheet (ECMA-376). */
export async function xlsxParts(content: ReportContent): Promise<Map<string, Uint8Array>> {
  const cover: ReportPart = {
    title: content.title,
    table: {
      head: ['项目', '内容'],
      rows: [
        ['医院', content.hospital],
        ['报告期', content.period],
        ['生成时间', content.madeAt],
        ['生成者', content.madeBy],
        ['网关', content.gatewayId],
      ],
    },
  }
  const sheets = [cover, ...content.parts].map((part, at) => ({
    part,
    name: nameOf(part.title, at),
    ...laidOut(part),
  }))
  const file = await writeXlsxFile(
    sheets.map(({ name, data, widths }) => ({
      sheet: name,
      data,
      columns: widths.map((width) => ({ width })),
    })),
  ).toBuffer()
  const parts = new Map(Object.entries(unzipSync(file)))
  let charts = 0
  for (const [at, { part, name, tableAt }] of sheets.entries()) {
    if (!part.chart || part.chart.values.length === 0 || tableAt === null) continue
    charts += 1
    addChart(parts, { sheet: at + 1, number: charts, name, ...part.chart, ...cellsOf(part, tableAt) })
  }
  return parts
}

/** A ZIP of the parts, stored as they are: the same parts give the same bytes, whatever compresses here in ten years. */
export function zipped(parts: ReadonlyMap<string, Uint8Array>): Buffer {
  const mtime = new Date(1980, 0, 1)
  const files: Zippable = {}
  for (const [name, bytes] of parts) files[name] = [bytes, { mtime }]
  return Buffer.from(zipSync(files, { level: 0 }))
}

/** ECMA-376 has 31 characters at most, and not these; two of one name are told apart by their numbers. */
const nameOf = (title: string, at: number) =>
  `${at === 0 ? '' : `${at} `}${title}`.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31)

function laidOut({ title, notes = [], table }: ReportPart) {
  const data: SheetData = [
    [{ value: title, fontWeight: 'bold' as const, fontSize: 14 }],
    ...notes.map((note) => [{ value: note }]),
    [],
  ]
  const tableAt = table ? data.length : null
  if (table) {
    data.push(table.head.map((value) => ({ value, fontWeight: 'bold' as const })))
    data.push(
      ...table.rows.map((row) =>
        row.map((value) => (typeof value === 'number' ? { value, type: Number } : { value, type: String })),
      ),
    )
  }
  const columns = Math.max(1, table?.head.length ?? 1)
  const widths = Array.from({ length: columns }, (_, at) => {
    const texts = table ? [table.head[at] ?? '', ...table.rows.map((row) => String(row[at] ?? ''))] : ['']
    return Math.min(60, 4 + Math.max(...texts.map(widthOf)))
  })
  return { data, tableAt, widths }
}

/** Ideographs are two wide. */
const widthOf = (text: string) => [...text].reduce((sum, one) => sum + (one > '\u2e7f' ? 2 : 1), 0)

/** Where the chart's labels and values stand: its rows are the first of the table, its values the table's last column. */
function cellsOf({ chart, table }: ReportPart, tableAt: number) {
  const rows = chart?.labels.length ?? 0
  const last = (table?.head.length ?? 2) - 1
  const [from, to] = [tableAt + 2, tableAt + 1 + rows]
  const column = String.fromCharCode('A'.charCodeAt(0) + last)
  return {
    labelsAt: `$A$${from}:$A$${to}`,
    valuesAt: `$${column}$${from}:$${column}$${to}`,
    column: last + 2,
  }
}

interface PlacedChart {
  sheet: number
  number: number
  name: string
  title: string
  labels: string[]
  values: number[]
  labelsAt: string
  valuesAt: string
  /** The first column that it covers, from 0. */
  column: number
}

function addChart(parts: Map<string, Uint8Array>, chart: PlacedChart): void {
  const { sheet, number } = chart
  const sheetName = `xl/worksheets/sheet${sheet}.xml`
  const set = (name: string, text: string) => void parts.set(name, strToU8(text))
  const change = (name: string, from: string | RegExp, to: string) => {
    const before = strFromU8(parts.get(name) ?? new Uint8Array())
    const after = before.replace(from, () => to)
    if (after === before) throw new Error(`${name}: nowhere to put a chart`)
    set(name, after)
  }
  change(sheetName, '</worksheet>', '<drawing r:id="rIdChart"/></worksheet>')
  set(
    `xl/worksheets/_rels/sheet${sheet}.xml.rels`,
    relations([['rIdChart', `${relation}/drawing`, `../drawings/drawing${number}.xml`]]),
  )
  set(`xl/drawings/drawing${number}.xml`, drawingXml({ column: chart.column, title: chart.title }))
  set(
    `xl/drawings/_rels/drawing${number}.xml.rels`,
    relations([['rId1', `${relation}/chart`, `../charts/chart${number}.xml`]]),
  )
  set(`xl/charts/chart${number}.xml`, chartXml(chart))
  change(
    '[Content_Types].xml',
    '</Types>',
    `<Override ContentType="${drawingType}" PartName="/xl/drawings/drawing${number}.xml"/>` +
      `<Override ContentType="${chartType}" PartName="/xl/charts/chart${number}.xml"/></Types>`,
  )
}

export function relations(list: readonly (readonly [id: string, type: string, target: string])[]): string {
  const each = list.map(
    ([id, type, target]) => `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`,
  )
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="${packageRelation}">${each.join('')}</Relationships>`
}
