import { element } from './dicom/element.ts'
import { clamp01, createField, createRandom, ramp } from './raster/noise.ts'
import { decimal, type SeriesSpec } from './series.ts'

const usMultiFrame = '1.2.840.10008.5.1.4.1.1.3.1'
const columns = 640
const rows = 480
const frameTime = 33.3
/** The sector: tip, mm per pixel, depth in mm and half its opening in radians. */
const sector = { x: 320, y: 18, scale: 0.38, near: 6, depth: 168, half: 0.72 }

const texture = createField(7201)

/** A pixel of the sector: its byte offset, place (mm, radians), and how uneven tissue is there. */
interface Ray {
  readonly at: number
  readonly radius: number
  readonly angle: number
  readonly x: number
  readonly y: number
  readonly wave: number
  readonly uneven: number
}

/** An apical four-chamber loop of one heartbeat with fluid around the heart: RGB, multi-frame (PS3.3 A.7). */
export function echoSeries(frames: number): SeriesSpec {
  return {
    number: 1,
    description: '心尖四腔心切面',
    modality: 'US',
    sopClassUid: usMultiFrame,
    rle: false,
    count: 1,
    layout: {
      rows,
      columns,
      frames,
      samples: 3,
      bitsAllocated: 8,
      bitsStored: 8,
      signed: false,
      photometric: 'RGB',
    },
    elements: [
      element(0x00080008, 'CS', ['ORIGINAL', 'PRIMARY', '', '0001']),
      element(0x00181063, 'DS', decimal(frameTime)),
      element(0x00181088, 'IS', '72'),
      element(0x00200020, 'CS', ''),
      element(0x00280009, 'AT', 0x00181063),
      element(0x00280301, 'CS', 'NO'),
      element(0x00282110, 'CS', '00'),
      region(),
    ],
    image: () => ({ elements: [], pixels: loop(frames) }),
  }
}

/** US Region Calibration (PS3.3 C.8.5.5), so that distances can be measured: units are cm. */
function region() {
  return element(0x00186011, 'SQ', [
    [
      element(0x00186012, 'US', 1),
      element(0x00186014, 'US', 1),
      element(0x00186016, 'UL', 0),
      element(0x00186018, 'UL', 0),
      element(0x0018601a, 'UL', 0),
      element(0x0018601c, 'UL', columns - 1),
      element(0x0018601e, 'UL', rows - 1),
      element(0x00186024, 'US', 3),
      element(0x00186026, 'US', 3),
      element(0x0018602c, 'FD', sector.scale / 10),
      element(0x0018602e, 'FD', sector.scale / 10),
    ],
  ])
}

function loop(frames: number): Uint8Array {
  const out = new Uint8Array(rows * columns * 3 * frames)
  const rays = traceRays()
  const speckle = speckleTile()
  for (let f = 0; f < frames; f++) {
    const frame = out.subarray(f * rows * columns * 3, (f + 1) * rows * columns * 3)
    const beat = heartAt(f / frames)
    for (const { at, radius, angle, x, y, wave, uneven } of rays) {
      const u = Math.floor((radius + beat.sway * 2) * 3)
      const v = Math.floor((angle + 1) * 260)
      const tissue = speckle[((u & 511) << 9) | (v & 511)]!
      const blood = speckle[(((u + 37 * f) & 511) << 9) | ((v + 91 * f) & 511)]!
      const echo = echogenicity(x, y, wave, uneven, beat)
      const power = echo * (0.04 + 0.96 * tissue * tissue) + 0.004 * blood
      const reach = ramp(4, 14, radius) * (1 - 0.55 * ramp(0.45, 0.72, Math.abs(angle)))
      const value = clamp01(0.36 * Math.log10(1 + 130 * power * reach)) * 255
      frame[at] = frame[at + 1] = frame[at + 2] = value
    }
    drawGraphics(frame, f / frames)
  }
  return out
}

/** Pixels within the sector, with their polar and depth coordinates in mm. */
function traceRays() {
  const out: Ray[] = []
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const x = (c - sector.x) * sector.scale
      const y = (r - sector.y) * sector.scale
      const radius = Math.hypot(x, y)
      const angle = Math.atan2(x, y)
      if (radius < sector.near || radius > sector.depth || Math.abs(angle) > sector.half) continue
      const wave = texture(x / 8, y / 8, 3) + 0.6 * texture(x / 3, y / 3, 5)
      const uneven = 1.6 * texture(x / 11, y / 11, 7)
      out.push({ at: (r * columns + c) * 3, radius, angle, x, y, wave, uneven })
    }
  return out
}

/** Rayleigh-distributed speckle, 512 × 512, drawn out across the beam as a real point spread is. */
function speckleTile(): Float32Array {
  const random = createRandom(7101)
  const n = 512
  const smooth = () => {
    const white = Float32Array.from({ length: n * n }, () => random() + random() + random() - 1.5)
    return white.map((_, i) => {
      let sum = 0
      for (let k = -2; k <= 2; k++)
        sum += white[(i + k + n * n) % (n * n)]! + white[(i + k + n + n * n) % (n * n)]!
      return sum / 3
    })
  }
  const re = smooth()
  const im = smooth()
  return re.map((v, i) => Math.hypot(v, im[i]!) * 0.9)
}

interface Beat {
  /** 0 relaxed to 1 contracted. */
  readonly systole: number
  /** Size of the atria against their mean. */
  readonly atrial: number
  /** 0 closed to 1 open. */
  readonly mitral: number
  readonly sway: number
}

function heartAt(phase: number): Beat {
  const systole = phase < 0.38 ? Math.sin((phase / 0.38) * Math.PI) ** 1.4 : 0
  const early = Math.exp(-(((phase - 0.52) / 0.07) ** 2))
  const late = Math.exp(-(((phase - 0.9) / 0.05) ** 2))
  return {
    systole,
    atrial: 0.92 + 0.1 * systole - 0.09 * late,
    mitral: Math.max(early, 0.75 * late),
    sway: Math.sin(phase * 2 * Math.PI),
  }
}

/** How strongly a place scatters, 0 to about 3; x to the right of the picture (patient's left), y deep, mm. */
function echogenicity(x: number, y: number, wave: number, uneven: number, beat: Beat): number {
  const sx = x + 1.5 * beat.sway - 1
  const epicardium = cavity(sx - 1, y - 88, 52 - 3 * beat.systole, 68 - 2 * beat.systole, 0) + 0.6 * uneven
  const sac = cavity(x - 3, y - 87, 66, 79, 0.02) + uneven
  if (epicardium > 0) {
    const facing = 0.35 + 0.65 * ramp(0.25, 0.9, Math.abs(y - 80) / Math.sqrt(x * x + (y - 80) * (y - 80)))
    const wall = (2.4 * bright(sac / 1.7) + 0.8 * bright(epicardium / 1.2)) * facing
    const lung = (0.2 + 0.14 * wave) * ramp(0, 6, sac) * ramp(70, 10, sac)
    return Math.max(0.002, wall + lung)
  }
  const squeeze = 1 - 0.22 * beat.systole
  const base = 94 - 9 * beat.systole
  const leftVentricle = cavity(sx - 20, y - 60, 22 * squeeze, 37 * (1 - 0.07 * beat.systole), 0.12)
  const rightVentricle = cavity(sx + 24, y - 66, 17 * (1 - 0.3 * beat.systole), 32, -0.34)
  const leftAtrium = cavity(sx - 18, y - 118, 20 * beat.atrial, 23 * beat.atrial, 0)
  const rightAtrium = cavity(sx + 21, y - 117, 18.5 * beat.atrial, 22 * beat.atrial, 0)
  const mitralRing = cavity(sx - 19, y - base, 15, 14, 0)
  const tricuspidRing = cavity(sx + 22, y - base + 2, 13, 14, 0)
  const blood =
    Math.min(leftVentricle, rightVentricle, leftAtrium, rightAtrium, mitralRing, tricuspidRing) + uneven
  const septum = Math.abs(sx + 1) < 6 && y < base ? 0.25 : 0
  const muscle = 0.26 + septum + 0.2 * wave
  const lining = 0.5 * bright(blood / 1.6)
  const leaflets =
    Math.abs(y - base) > 26
      ? 9
      : Math.min(
          leafletPair(sx - 19, y - base, 15.5, beat.mitral),
          leafletPair(sx + 22, y - base + 2, 13.5, beat.mitral),
        )
  const valve = 1.1 * bright(leaflets / 1.1)
  return Math.max(0.002, Math.max(0.03, muscle) * ramp(-1.5, 2.5, blood) + lining + valve)
}

/** An interface's echo by distance in its own widths. */
function bright(distance: number): number {
  return distance > 2.5 || distance < -2.5 ? 0 : Math.exp(-distance * distance)
}

function cavity(x: number, y: number, a: number, b: number, tilt: number): number {
  const u = (x - y * tilt) / a
  const v = y / b
  return (Math.sqrt(u * u + v * v) - 1) * Math.min(a, b)
}

/** mm from two leaflets hinged `half` mm to either side; closed they meet in the middle, open they point to the apex. */
function leafletPair(x: number, y: number, half: number, open: number): number {
  const swing = 0.25 + 1.05 * open
  const length = half * (1.02 - 0.1 * open)
  const dx = length * Math.cos(swing)
  const dy = -length * Math.sin(swing) + (1 - open) * 7
  const ax = half - Math.abs(x)
  const t = clamp01((ax * dx + y * dy) / (dx * dx + dy * dy))
  const ex = ax - t * dx
  const ey = y - t * dy
  return Math.sqrt(ex * ex + ey * ey)
}

/** Trace of the electrocardiogram with the frame's place on it, and depth marks every centimetre. */
function drawGraphics(frame: Uint8Array, phase: number): void {
  const dot = (c: number, r: number, rgb: readonly [number, number, number]) =>
    frame.set(rgb, (r * columns + c) * 3)
  let before = 452
  for (let c = 40; c < 600; c++) {
    const p = ((c - 40) / 280) % 1
    const height = Math.round(452 - 26 * ecg(p))
    for (let r = Math.min(before, height); r <= Math.max(before, height); r++) dot(c, r, [40, 220, 90])
    before = height
  }
  const now = Math.round(40 + phase * 280)
  for (let r = 424; r < 472; r++) dot(now, r, [230, 60, 50])
  for (let cm = 1; cm <= 16; cm++) {
    const r = Math.round(sector.y + (cm * 10) / sector.scale)
    for (let c = 612; c < (cm % 5 === 0 ? 626 : 619); c++) if (r < rows) dot(c, r, [190, 190, 190])
  }
}

function ecg(p: number): number {
  const bump = (at: number, wide: number) => Math.exp(-(((p - at) / wide) ** 2))
  return (
    bump(0.06, 0.008) -
    0.2 * bump(0.035, 0.006) -
    0.28 * bump(0.085, 0.008) +
    0.28 * bump(0.34, 0.035) +
    0.14 * bump(0.93, 0.02)
  )
}
