import { describe, expect, it } from 'vitest'
import { captureScale, cropOf } from '../../../../src/renderer/viewer/capture/crop.ts'
import { levelOf, renderImage } from '../../../../src/renderer/viewer/capture/render-image.ts'
import { inverse, through } from '../../../../src/renderer/viewer/measure/affine.ts'

const plain = { lower: 0, upper: 100, sigmoid: false, inverted: false }
const same = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 }
const levels = (bytes: Uint8ClampedArray) => Array.from(bytes).filter((_, i) => i % 4 === 0)

describe('drawing an image anew', () => {
  const image = { columns: 2, rows: 2, components: 1, values: [0, 100, 50, 25] }

  it('gives each pixel its level where sizes are the same', () => {
    expect(levels(renderImage(image, plain, same, { width: 2, height: 2 }))).toEqual([0, 255, 128, 64])
    expect(levels(renderImage(image, { ...plain, inverted: true }, same, { width: 2, height: 2 }))).toEqual([
      255, 0, 128, 191,
    ])
  })

  it('turns and mirrors as the pane does', () => {
    // A quarter turn clockwise: columns run down.
    const turned = { a: 0, b: 1, c: -1, d: 0, e: 2, f: 0 }
    expect(levels(renderImage(image, plain, turned, { width: 2, height: 2 }))).toEqual([128, 0, 64, 255])
    const mirrored = { ...same, a: -1, e: 2 }
    expect(levels(renderImage(image, plain, mirrored, { width: 2, height: 2 }))).toEqual([255, 0, 64, 128])
  })

  it('goes between values smoothly when larger, and leaves black what is no image', () => {
    const wide = { columns: 2, rows: 1, components: 1, values: [0, 100] }
    const larger = { ...same, a: 4, d: 1, e: 2 }
    const row = levels(renderImage(wide, plain, larger, { width: 12, height: 1 }))
    expect(row.slice(0, 2)).toEqual([0, 0])
    expect(row.slice(2, 10)).toEqual(row.slice(2, 10).toSorted((a, b) => a - b))
    expect([row[2], row[9]]).toEqual([0, 255])
    expect(row.slice(10)).toEqual([0, 0])
  })

  it('keeps colours', () => {
    const colour = { columns: 1, rows: 1, components: 3, values: [200, 20, 30] }
    const whole = { ...plain, upper: 255 }
    expect([...renderImage(colour, whole, same, { width: 1, height: 1 })]).toEqual([200, 20, 30, 255])
    const rgba = { ...colour, components: 4, values: [200, 20, 30, 255] }
    expect([...renderImage(rgba, whole, same, { width: 1, height: 1 })]).toEqual([200, 20, 30, 255])
  })

  it('has the sigmoid where the image asks for it', () => {
    const sigmoid = { ...plain, sigmoid: true }
    expect(levelOf(50, sigmoid)).toBeCloseTo(127.5)
    expect(levelOf(0, sigmoid)).toBeCloseTo(255 / (1 + Math.exp(2)))
  })
})

describe('what a key image holds', () => {
  const pane = { width: 1000, height: 600 }
  const toPane = { a: 2, b: 0, c: 0, d: 2, e: 300, f: 100 }

  it('is the image and its labels, no wide margins', () => {
    const image = { columns: 200, rows: 200 }
    expect(cropOf(image, toPane, [], pane)).toEqual({ x: 294, y: 94, width: 412, height: 412 })
    const label = { x: 720, y: 200, width: 100, height: 20 }
    expect(cropOf(image, toPane, [label], pane)).toMatchObject({ x: 294, width: 532 })
    expect(cropOf({ columns: 5000, rows: 5000 }, toPane, [], pane)).toEqual({
      x: 294,
      y: 94,
      width: 706,
      height: 506,
    })
  })

  it('has the image’s own pixels, at most 1600 a side', () => {
    const small = { ...toPane, a: 0.25, d: 0.25 }
    expect(captureScale({ x: 0, y: 0, width: 300, height: 300 }, small, 1)).toBe(4)
    expect(captureScale({ x: 0, y: 0, width: 800, height: 300 }, small, 1)).toBe(2)
    expect(captureScale({ x: 0, y: 0, width: 300, height: 300 }, toPane, 1)).toBe(1)
  })

  it('maps there and back', () => {
    const aslant = { a: 1.5, b: 0.3, c: -0.4, d: 2, e: 12, f: -7 }
    const [x, y] = through(inverse(aslant), through(aslant, [31, 17]))
    expect(x).toBeCloseTo(31, 10)
    expect(y).toBeCloseTo(17, 10)
  })
})
