/** What images take of a bounded memory, in the order of their last use. */
export interface ImageMemory {
  add(imageId: string, bytes: number): void
  /** It was looked at: others go before it. */
  use(imageId: string): void
  remove(imageId: string): void
  /** All that it holds. */
  ids(): string[]
  /**
   * The images that must go so that so many bytes more fit: those used longest ago first, never one on screen. Where the screen
   * alone fills the memory nothing can make room, and what is to be shown goes beyond the bound.
   */
  toMakeRoom(bytes: number, isShown: (imageId: string) => boolean): string[]
  clear(): void
  readonly bytes: number
}

export function createImageMemory(limit: number): ImageMemory {
  const sizes = new Map<string, number>()
  let total = 0
  return {
    add(imageId, bytes) {
      total += bytes - (sizes.get(imageId) ?? 0)
      sizes.delete(imageId)
      sizes.set(imageId, bytes)
    },
    use(imageId) {
      const bytes = sizes.get(imageId)
      if (bytes === undefined) return
      sizes.delete(imageId)
      sizes.set(imageId, bytes)
    },
    remove(imageId) {
      total -= sizes.get(imageId) ?? 0
      sizes.delete(imageId)
    },
    ids: () => [...sizes.keys()],
    toMakeRoom(bytes, isShown) {
      const gone: string[] = []
      let left = total
      for (const [imageId, size] of sizes) {
        if (left + bytes <= limit) break
        if (isShown(imageId)) continue
        gone.push(imageId)
        left -= size
      }
      return gone
    },
    clear() {
      sizes.clear()
      total = 0
    },
    get bytes() {
      return total
    },
  }
}
