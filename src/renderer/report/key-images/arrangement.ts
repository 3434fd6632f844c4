import type { KeyImage } from '../../../shared/report/index.ts'

/** The images with one moved by a place; as they are where there is no further place. */
export function movedImage(images: readonly KeyImage[], index: number, by: 1 | -1): KeyImage[] {
  const to = index + by
  const [image] = images.slice(index, index + 1)
  if (!image || to < 0 || to >= images.length) return [...images]
  return images.toSpliced(index, 1).toSpliced(to, 0, image)
}

export function captioned(images: readonly KeyImage[], id: string, caption: string): KeyImage[] {
  return images.map((image) => (image.id === id ? { ...image, caption } : image))
}

/** With one more; the same image again takes the place of what it was. */
export function withImage(images: readonly KeyImage[], image: KeyImage): KeyImage[] {
  return images.some(({ id }) => id === image.id)
    ? images.map((each) => (each.id === image.id ? image : each))
    : [...images, image]
}

/** A report has so many key images at most. */
export const mostKeyImages = 12
