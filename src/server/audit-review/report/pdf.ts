import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import * as fontkit from '@cantoo/fontkit'
import { PDFDocument, type PDFFont, type PDFPage, rgb } from '@cantoo/pdf-lib'
import type { ReportContent, ReportPart } from './content.ts'

/** A4 in points, with its margins. */
const page = { width: 595.28, height: 841.89, left: 48, right: 48, top: 56, bottom: 56 }
const inner = page.width - page.left - page.right
const ink = rgb(0.12, 0.14, 0.17)
const faint = rgb(0.42, 0.45, 0.5)
const line = rgb(0.8, 0.82, 0.85)
const bar = rgb(0.16, 0.42, 0.68)
const size = { title: 20, part: 13, text: 9.5, cell: 8.5, small: 7.5 }

/** Simplified Chinese with Latin in one file each; the PDF takes in the glyphs that it uses. */
const fontFile = (weight: 400 | 700) =>
  fileURLToPath(
    import.meta.resolve(
      `@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-${weight}-normal.woff`,
    ),
  )

/** The report on paper (PDF 1.7): selectable text, fonts embedded, charts drawn. No page names a patient. */
export async function pdfOf(content: ReportContent, madeAt: Date): Promise<PDFDocument> {
  const document = await PDFDocument.create()
  document.registerFontkit(fontkit as unknown as Parameters<PDFDocument['registerFontkit']>[0])
  const [plain, bold] = await Promise.all(
    ([400, 700] as const).map(async (weight) =>
      document.embedFont(await readFile(fontFile(weight)), { subset: true }),
    ),
  )
  if (!plain || !bold) throw new Error('no fonts')
  const heading = `${content.title} ${content.period}`
  document.setTitle(heading)
  document.setProducer('Vigil')
  document.setCreator('Vigil')
  document.setLanguage('zh-CN')
  document.setCreationDate(madeAt)
  document.setModificationDate(madeAt)

  const known = (font: PDFFont) => {
    const glyphs = new Set(font.getCharacterSet())
    return (text: string) =>
      [...text.replace(/\s+/g, ' ')].map((one) => (glyphs.has(one.codePointAt(0) ?? 0) ? one : '□')).join('')
  }
  const fonts = { plain, bold }
  const shown = { plain: known(plain), bold: known(bold) }

  let sheet = document.addPage([page.width, page.height])
  let y = page.height - page.top

  function room(height: number): void {
    if (y - height >= page.bottom) return
    sheet = document.addPage([page.width, page.height])
    y = page.height - page.top
  }

  function write(
    text: string,
    at: {
      x: number
      y: number
      size: number
      weight?: 'plain' | 'bold'
      colour?: typeof ink
      sheet?: PDFPage
    },
  ): void {
    const { weight = 'plain' } = at
    ;(at.sheet ?? sheet).drawText(shown[weight](text), {
      x: at.x,
      y: at.y,
      size: at.size,
      font: fonts[weight],
      color: at.colour ?? ink,
    })
  }
  const widthOf = (text: string, points: number, weight: 'plain' | 'bold' = 'plain') =>
    fonts[weight].widthOfTextAtSize(shown[weight](text), points)

  /** Broken where it must be: Chinese has no spaces to break at. */
  function linesOf(text: string, width: number, points: number): string[] {
    const lines: string[] = []
    let current = ''
    for (const one of shown.plain(text)) {
      if (current !== '' && widthOf(current + one, points) > width) {
        lines.push(current)
        current = ''
      }
      current += one
    }
    return [...lines, current]
  }

  function paragraph(text: string, points: number, colour = ink): void {
    for (const one of linesOf(text, inner, points)) {
      room(points * 1.6)
      y -= points * 1.6
      write(one, { x: page.left, y, size: points, colour })
    }
  }

  function chart({ title, labels, values }: NonNullable<ReportPart['chart']>): void {
    const height = 120
    room(height + 48)
    y -= size.small + 4
    write(title, { x: page.left, y, size: size.small, colour: faint })
    const top = y - 14
    const base = top - height
    const most = Math.max(1, ...values)
    const scale = axisOf(most)
    const axis = 36
    for (const value of scale) {
      const at = base + (value / (scale.at(-1) ?? 1)) * height
      sheet.drawLine({
        start: { x: page.left + axis, y: at },
        end: { x: page.width - page.right, y: at },
        thickness: 0.4,
        color: line,
      })
      const text = String(value)
      write(text, {
        x: page.left + axis - 4 - widthOf(text, size.small),
        y: at - 2.5,
        size: size.small,
        colour: faint,
      })
    }
    const step = (inner - axis) / Math.max(1, values.length)
    for (const [at, value] of values.entries()) {
      const x = page.left + axis + at * step
      const tall = (value / (scale.at(-1) ?? 1)) * height
      if (tall > 0)
        sheet.drawRectangle({ x: x + step * 0.18, y: base, width: step * 0.64, height: tall, color: bar })
      const label = fitted(labels[at] ?? '', step - 2)
      write(label, {
        x: x + (step - widthOf(label, size.small)) / 2,
        y: base - 10,
        size: size.small,
        colour: faint,
      })
    }
    y = base - 20
  }

  function fitted(text: string, width: number): string {
    if (widthOf(text, size.small) <= width) return text
    const all = [...text]
    while (all.length > 1 && widthOf(`${all.join('')}…`, size.small) > width) all.pop()
    return `${all.join('')}…`
  }

  function table({ head, rows }: NonNullable<ReportPart['table']>): void {
    if (rows.length === 0) {
      paragraph('无', size.text, faint)
      return
    }
    const widths = columnWidths(head, rows, (text) => widthOf(text, size.cell) + 10)
    const leading = size.cell * 1.45
    const drawRow = (cells: readonly (string | number)[], weight: 'plain' | 'bold') => {
      const wrapped = cells.map((cell, at) => linesOf(String(cell), (widths[at] ?? 0) - 8, size.cell))
      const height = Math.max(1, ...wrapped.map((lines) => lines.length)) * leading + 4
      if (y - height < page.bottom) {
        room(height)
        if (weight === 'plain') drawRow(head, 'bold')
      }
      let x = page.left
      for (const [at, lines] of wrapped.entries()) {
        for (const [down, text] of lines.entries())
          write(text, { x: x + 4, y: y - leading * (down + 1), size: size.cell, weight })
        x += widths[at] ?? 0
      }
      y -= height
      sheet.drawLine({
        start: { x: page.left, y },
        end: { x: page.width - page.right, y },
        thickness: weight === 'bold' ? 0.8 : 0.4,
        color: line,
      })
    }
    room(leading * 3)
    drawRow(head, 'bold')
    for (const row of rows) drawRow(row, 'plain')
  }

  y -= size.title
  write(content.title, { x: page.left, y, size: size.title, weight: 'bold' })
  y -= 8
  for (const text of [
    ...(content.hospital === '' ? [] : [content.hospital]),
    `报告期：${content.period}`,
    `生成：${content.madeAt}　${content.madeBy}`,
    `网关：${content.gatewayId}`,
    '本报告由网关签名（PDF 数字签名）；用 vigil audit report verify 可核验签名者及内容未被改动。',
  ])
    paragraph(text, size.text, faint)
  for (const part of content.parts) {
    // A heading does not stand alone at the foot of a page.
    room(part.chart && part.chart.values.length > 0 ? 230 : 90)
    y -= size.part + 18
    write(part.title, { x: page.left, y, size: size.part, weight: 'bold' })
    y -= 6
    for (const note of part.notes ?? []) paragraph(note, size.text)
    if (part.chart && part.chart.values.length > 0) chart(part.chart)
    if (part.table) {
      y -= 4
      table(part.table)
    }
  }

  const sheets = document.getPages()
  for (const [at, each] of sheets.entries()) {
    const text = `${at + 1} / ${sheets.length}`
    write(heading, { x: page.left, y: 30, size: size.small, colour: faint, sheet: each })
    const x = page.width - page.right - widthOf(text, size.small)
    write(text, { x, y: 30, size: size.small, colour: faint, sheet: each })
  }
  return document
}

/** 0 and up to five round steps that reach the largest value. */
export function axisOf(most: number): number[] {
  const rough = Math.max(1, most / 4)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power)
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, at) => at * step)
}

/** What each column would like, within the page: the widest give way first. */
function columnWidths(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  widthOf: (text: string) => number,
): number[] {
  const wanted = head.map((title, at) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(String(row[at] ?? '')))),
  )
  let most = Math.max(...wanted)
  const widths = () => wanted.map((width) => Math.min(width, most))
  const total = () => widths().reduce((sum, width) => sum + width, 0)
  while (total() > inner && most > 30) most -= 2
  const left = Math.max(0, inner - total())
  return widths().map((width) => width + left / Math.max(1, head.length))
}
