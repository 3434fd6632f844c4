import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import dicomParser, { type DataSet } from 'dicom-parser'
import { describe, expect, it } from 'vitest'
import { type DemoOrder, loadDemoOrders } from '../../../assets/demo/index.ts'
import { catalogue, isPhantomName } from '../../../assets/phantoms/catalogue.ts'
import { generateDemoStudies } from '../../../assets/phantoms/index.ts'
import { type StudyFile, studyFile, studyFiles } from '../../../assets/phantoms/study.ts'
import { dcmtk, dcmtkNote, haveDcmtk, temporaryFolder } from './dcmtk.ts'

const now = Date.UTC(2026, 10, 22, 2, 30)
const orders = loadDemoOrders(now)

function orderOf(phantom: string): DemoOrder {
  return orders.find((order) => order.phantom === phantom)!
}

const firsts = new Map<string, StudyFile>()

/** The first image of a phantom, made once. */
function firstFile(phantom: string): StudyFile {
  const known = firsts.get(phantom)
  if (known) return known
  const order = orderOf(phantom)
  const file = studyFiles(order).next().value as StudyFile
  firsts.set(phantom, file)
  return file
}

const parse = (file: StudyFile) => dicomParser.parseDicom(file.bytes)
const numbers = (data: DataSet, tag: string) => data.string(tag)!.split('\\').map(Number)

const everyImage = [
  'x00080008',
  'x00080016',
  'x00080018',
  'x00080020',
  'x00080060',
  'x00100010',
  'x0020000d',
  'x0020000e',
  'x00280010',
  'x00280100',
  'x7fe00010',
]
const stacked = ['x00185100', 'x00200032', 'x00200037', 'x00200052', 'x00280030', 'x00180050']
const required: Record<string, string[]> = {
  CT: [...stacked, 'x00281052', 'x00281053', 'x00180060'],
  MR: [...stacked, 'x00180020', 'x00180021', 'x00180081'],
  DX: [
    'x00080068',
    'x00181164',
    'x00200062',
    'x00281040',
    'x00281041',
    'x00281052',
    'x00281053',
    'x00281054',
    'x20500020',
    'x00282110',
    'x00280301',
    'x00200020',
  ],
  US: ['x00280008', 'x00280009', 'x00181063', 'x00280006', 'x00282110'],
}

describe('demo studies', () => {
  it.each(orders.filter((order) => order.phantom !== null).map((order) => [order.phantom!, order] as const))(
    '%s carries its order and the attributes that its IOD requires',
    (phantom, order) => {
      const data = parse(firstFile(phantom))
      expect(data.string('x0020000d')).toBe(order.studyInstanceUid)
      expect(data.string('x00080050')).toBe(order.accessionNumber)
      expect(data.string('x00080060')).toBe(order.modality)
      expect(data.string('x00100020')).toBe(order.patientId)
      expect(data.string('x00080005')).toBe(order.characterSet)
      for (const tag of [...everyImage, ...required[order.modality]!])
        expect(data.elements[tag]?.length, tag).toBeGreaterThan(0)
    },
  )

  it('has only phantoms that an order asks for, and CT volumes of 120 slices and more', () => {
    const asked = orders.map((order) => order.phantom).filter((name) => name !== null)
    expect(asked.every(isPhantomName)).toBe(true)
    expect(new Set(asked)).toEqual(new Set(Object.keys(catalogue)))
    const exam = { accessionNumber: 'X', studyInstanceUid: '2.25.1', frameOfReferenceUid: '2.25.2' }
    for (const name of ['ct-head-haemorrhage', 'ct-chest-embolism'] as const)
      expect(catalogue[name].generate(exam)[0]!.count).toBeGreaterThanOrEqual(120)
  })

  it('stacks CT slices upwards at an even distance in one frame of reference', () => {
    const slices = [...studyFiles(orderOf('ct-head-epidural'))].map(parse)
    expect(slices).toHaveLength(32)
    const z = slices.map((data) => numbers(data, 'x00200032')[2]!)
    const step = Number(slices[0]!.string('x00180088'))
    z.slice(1).forEach((here, i) => {
      expect(here - z[i]!).toBeCloseTo(step, 4)
    })
    expect(new Set(slices.map((data) => data.string('x00200052'))).size).toBe(1)
    expect(new Set(slices.map((data) => data.string('x00080018'))).size).toBe(32)
    expect(slices.map((data) => data.intString('x00200013'))).toEqual(slices.map((_, i) => i + 1))
    expect(numbers(slices[0]!, 'x00200032')[0]).toBeCloseTo(
      (-511 / 2) * numbers(slices[0]!, 'x00280030')[0]!,
      3,
    )
  })

  it('stacks sagittal MR slices along the patient, never the same place twice', () => {
    const series = [...studyFiles(orderOf('mr-knee-normal'))]
    const x = series
      .filter((file) => file.path.includes('/2/'))
      .map((file) => numbers(parse(file), 'x00200032')[0]!)
    expect(x).toHaveLength(24)
    expect(x.every((here, i) => i === 0 || here > x[i - 1]!)).toBe(true)
    expect(numbers(parse(series[0]!), 'x00200037')).toEqual([0, 1, 0, 0, 0, -1])
  })

  it('shows air, skull, brain, fluid and blood at their Hounsfield units', () => {
    const at = hounsfieldReader('ct-head-haemorrhage', 66)
    expect(at.z).toBeCloseTo(38, 0)
    expect(at.mean(105, -105, 3)).toBe(-1024)
    expect(at.mean(100, -20, 3)).toBeCloseTo(-1000, -1)
    expect(at.mean(29, -4, 5)).toBeGreaterThan(60)
    expect(at.mean(29, -4, 5)).toBeLessThan(75)
    expect(at.mean(-38, 30, 2)).toBeGreaterThan(20)
    expect(at.mean(-38, 30, 2)).toBeLessThan(42)
    expect(at.most(0, -88, 5)).toBeGreaterThan(700)
    expect(at.least(-20, 42, 7)).toBeLessThan(15)
  })

  it('shows lung, contrast, clot and effusion at their Hounsfield units', () => {
    const at = hounsfieldReader('ct-chest-embolism', 74)
    expect(at.z).toBeCloseTo(-13.5, 1)
    expect(at.mean(80, 10, 4)).toBeLessThan(-780)
    expect(at.mean(-20, -24, 4)).toBeGreaterThan(180)
    expect(at.least(-10, 0, 4)).toBeLessThan(120)
    expect(at.most(-20, 4, 14)).toBeGreaterThan(300)
    const lower = hounsfieldReader('ct-chest-embolism', 45)
    expect(lower.mean(-70, 66, 4)).toBeGreaterThan(0)
    expect(lower.mean(-70, 66, 4)).toBeLessThan(20)
    expect(lower.mean(70, 60, 4)).toBeLessThan(-700)
  })

  it('makes a pneumothorax darker than the lung beside it on a film', () => {
    const dark = filmReader('dx-chest-pneumothorax')
    const normal = filmReader('dx-chest-normal')
    expect(dark(-104, 20) / dark(104, 20)).toBeLessThan(0.8)
    expect(normal(-104, 20) / normal(104, 20)).toBeGreaterThan(0.9)
  })

  it('writes whole files from worker threads, the same bytes as in this thread', async () => {
    const targetDir = temporaryFolder()
    const only = ['dx-chest-drained', 'ct-head-epidural'].map((name) => orderOf(name).accessionNumber)
    const seen: number[] = []
    let total = 0
    await generateDemoStudies({
      targetDir,
      now,
      only,
      onProgress: (done, all) => {
        seen.push(done)
        total = all
      },
    })
    expect(seen).toEqual(Array.from({ length: 33 }, (_, i) => i + 1))
    expect(total).toBe(33)
    const files = readdirSync(targetDir, { recursive: true, encoding: 'utf8' })
    expect(files.filter((name) => name.endsWith('.dcm'))).toHaveLength(33)
    expect(files.filter((name) => name.endsWith('.part'))).toEqual([])
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
    for (const instance of [1, 9, 20, 32]) {
      const file = studyFile(orderOf('ct-head-epidural'), 2, instance)
      expect(digest(readFileSync(join(targetDir, file.path)))).toBe(digest(file.bytes))
    }
  }, 60_000)

  it.skipIf(!haveDcmtk)(
    `is read whole by dcmdump${dcmtkNote}`,
    () => {
      const folder = temporaryFolder()
      for (const name of Object.keys(catalogue)) {
        const file = join(folder, `${name}.dcm`)
        writeFileSync(file, firstFile(name).bytes)
        const shown = dcmtk('dcmdump', ['+U8', file])
        const order = orderOf(name)
        expect(shown).toContain(
          `[${order.patientNamePinyin.replace(' ', '^')}=${order.patientNameParts.join('^')}]`,
        )
        expect(shown).toContain('PixelData')
      }
    },
    30_000,
  )
})

/** Hounsfield units about a place (mm, DICOM patient x and y) of one CT slice. */
function hounsfieldReader(phantom: string, instance: number) {
  const file = studyFile(orderOf(phantom), 2, instance)
  const data = parse(file)
  const [x0, y0, z] = numbers(data, 'x00200032') as [number, number, number]
  const spacing = numbers(data, 'x00280030')[0]!
  const intercept = Number(data.string('x00281052'))
  const { dataOffset } = data.elements.x7fe00010!
  const around = (x: number, y: number, radius: number): number[] => {
    const [c, r, n] = [(x - x0) / spacing, (y - y0) / spacing, radius / spacing].map(Math.round) as [
      number,
      number,
      number,
    ]
    const out: number[] = []
    for (let dr = -n; dr <= n; dr++)
      for (let dc = -n; dc <= n; dc++)
        out.push(file.bytes.readInt16LE(dataOffset + 2 * ((r + dr) * 512 + c + dc)) + intercept)
    return out
  }
  return {
    z,
    mean: (x: number, y: number, radius: number) => {
      const values = around(x, y, radius)
      return values.reduce((sum, v) => sum + v, 0) / values.length
    },
    least: (x: number, y: number, radius: number) => Math.min(...around(x, y, radius)),
    most: (x: number, y: number, radius: number) => Math.max(...around(x, y, radius)),
  }
}

/** Brightness (0 to 1, white high) about a place of a film: x to the patient's left, z above the picture's middle, mm. */
function filmReader(phantom: string) {
  const file = firstFile(phantom)
  const data = parse(file)
  const columns = data.uint16('x00280011')!
  const rows = data.uint16('x00280010')!
  const spacing = numbers(data, 'x00181164')[0]!
  const white = 2 ** data.uint16('x00280101')! - 1
  const inverse = data.string('x00280004') === 'MONOCHROME1'
  const { dataOffset } = data.elements.x7fe00010!
  return (x: number, z: number) => {
    let sum = 0
    for (let dr = -60; dr <= 60; dr++)
      for (let dc = -8; dc <= 8; dc++) {
        const at =
          (Math.round(rows / 2 - z / spacing) + dr) * columns + Math.round(columns / 2 + x / spacing) + dc
        const value = file.bytes.readUInt16LE(dataOffset + 2 * at) / white
        sum += inverse ? 1 - value : value
      }
    return sum / (121 * 17)
  }
}
