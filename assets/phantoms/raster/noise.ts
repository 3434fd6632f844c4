/** Seeded pseudo-random numbers in [0, 1): mulberry32. Deterministic on every machine. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** A smooth scalar field over space, values about −1 to 1, one feature per unit length. */
export type Field = (x: number, y: number, z: number) => number

const lattice = 32
const mask = lattice - 1

/** Trilinear value noise on a repeating 32³ lattice, eased so that no cell edge shows. */
export function createField(seed: number): Field {
  const random = createRandom(seed)
  const values = Float32Array.from({ length: lattice ** 3 }, () => random() * 2 - 1)
  return (x, y, z) => {
    const xi = Math.floor(x) | 0
    const yi = Math.floor(y) | 0
    const zi = Math.floor(z) | 0
    const fx = x - xi
    const fy = y - yi
    const fz = z - zi
    const u = fx * fx * (3 - 2 * fx)
    const v = fy * fy * (3 - 2 * fy)
    const w = fz * fz * (3 - 2 * fz)
    const x0 = xi & mask
    const x1 = (xi + 1) & mask
    const y0 = (yi & mask) << 5
    const y1 = ((yi + 1) & mask) << 5
    const z0 = (zi & mask) << 10
    const z1 = ((zi + 1) & mask) << 10
    const a = values[x0 + y0 + z0]!
    const b = values[x0 + y1 + z0]!
    const c = values[x0 + y0 + z1]!
    const d = values[x0 + y1 + z1]!
    const ab = a + (values[x1 + y0 + z0]! - a) * u
    const bb = b + (values[x1 + y1 + z0]! - b) * u
    const cb = c + (values[x1 + y0 + z1]! - c) * u
    const db = d + (values[x1 + y1 + z1]! - d) * u
    const near = ab + (bb - ab) * v
    return near + (cb + (db - cb) * v - near) * w
  }
}

/** Adds image noise of one standard deviation to a picture. `frame` picks the stretch of noise. */
export type Grain = (pixels: Float32Array, sigma: number, frame: number) => void

/**
 * Gaussian noise with the short-range correlation of a reconstruction kernel, for pictures `width` pixels wide.
 * One tile is made once; each frame reads it from another place, which is cheap and looks no different.
 */
export function createGrain(seed: number, width: number, rows = 384): Grain {
  const random = createRandom(seed)
  const length = width * rows
  const white = Float32Array.from({ length }, () => random() + random() + random() + random() - 2)
  const tile = new Float32Array(length)
  let power = 0
  for (let i = 0; i < length; i++) {
    const at = (k: number) => white[(i + k + length) % length]!
    const sum = 2 * at(0) + at(1) + at(-1) + at(width) + at(-width)
    tile[i] = sum
    power += sum * sum
  }
  const scale = 1 / Math.sqrt(power / length)
  for (let i = 0; i < length; i++) tile[i]! *= scale
  return (pixels, sigma, frame) => {
    let at = Math.floor(createRandom(seed + 7919 * frame + 1)() * length)
    for (let i = 0; i < pixels.length; i++) {
      pixels[i]! += sigma * tile[at]!
      if (++at === length) at = 0
    }
  }
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t
}

export function clamp01(t: number): number {
  return Math.min(Math.max(t, 0), 1)
}

/** 0 below `from`, 1 above `to`, smooth between; also with `from` above `to`. */
export function ramp(from: number, to: number, v: number): number {
  return ease(clamp01((v - from) / (to - from)))
}

function ease(t: number): number {
  return t * t * (3 - 2 * t)
}
