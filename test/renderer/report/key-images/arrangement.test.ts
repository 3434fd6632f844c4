import { describe, expect, it } from 'vitest'
import { captioned, movedImage, withImage } from '../../../../src/renderer/report/key-images/arrangement.ts'
import type { KeyImage } from '../../../../src/shared/report/index.ts'

const image = (id: string, caption = ''): KeyImage => ({
  id,
  series: '1',
  instance: '1',
  frame: 1,
  caption,
  width: 1,
  height: 1,
})
const [a, b, c] = [image('a'), image('b'), image('c')]
const ids = (images: readonly KeyImage[]) => images.map(({ id }) => id).join('')

describe('key images', () => {
  it('move by a place, and not beyond the ends', () => {
    expect(ids(movedImage([a, b, c], 0, 1))).toBe('bac')
    expect(ids(movedImage([a, b, c], 2, -1))).toBe('acb')
    expect(ids(movedImage([a, b, c], 0, -1))).toBe('abc')
    expect(ids(movedImage([a, b, c], 2, 1))).toBe('abc')
  })

  it('are the same image once, and keep their captions apart', () => {
    expect(withImage([a, b], image('a', '新')).map(({ caption }) => caption)).toEqual(['新', ''])
    expect(ids(withImage([a], b))).toBe('ab')
    expect(captioned([a, b], 'b', '图').map(({ caption }) => caption)).toEqual(['', '图'])
  })
})
