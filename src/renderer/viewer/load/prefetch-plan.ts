/** A stack on screen and where it stands. `direction` is the last scroll's, 1 or -1. */
export interface ShownStack {
  imageIds: string[]
  index: number
  direction: 1 | -1
}

/** Indices by distance from the current one, the side scrolled to before the other, the current one first. */
export function outward(count: number, index: number, direction: 1 | -1): number[] {
  const order: number[] = []
  const add = (i: number) => {
    if (i >= 0 && i < count) order.push(i)
  }
  add(index)
  for (let distance = 1; distance < count; distance++) {
    add(index + direction * distance)
    add(index - direction * distance)
  }
  return order
}

const near = 8

/**
 * What to load ahead, most wanted first: the images on screen, their neighbours, the series' thumbnails, then the rest of
 * the stacks on screen, taking turns. At most `limit` images, so that prefetching never evicts what it just loaded.
 */
export function prefetchPlan(stacks: ShownStack[], middles: string[], limit: number): string[] {
  const orders = stacks.map((stack) =>
    outward(stack.imageIds.length, stack.index, stack.direction).map((i) => stack.imageIds[i]!),
  )
  const plan = new Set<string>()
  const takeTurns = (from: number, to: number) => {
    for (let i = from; i < to; i++)
      for (const order of orders) {
        const imageId = order[i]
        if (imageId !== undefined) plan.add(imageId)
      }
  }
  const longest = Math.max(0, ...orders.map((order) => order.length))
  takeTurns(0, Math.min(1 + 2 * near, longest))
  for (const middle of middles) plan.add(middle)
  takeTurns(1 + 2 * near, longest)
  return [...plan].slice(0, limit)
}
