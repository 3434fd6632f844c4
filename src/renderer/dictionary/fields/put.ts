/** The object with one property as given; undefined leaves it out. */
export function put<T extends object, K extends keyof T>(object: T, key: K, value: T[K] | undefined): T {
  const { [key]: _, ...others } = object
  return value === undefined ? (others as T) : { ...object, [key]: value }
}

/** The list with one item replaced. */
export function replaced<T>(list: readonly T[], index: number, item: T): T[] {
  return list.map((each, at) => (at === index ? item : each))
}

export function removed<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, at) => at !== index)
}

/** The list with one item moved by one place; as it is where there is no such place. */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): T[] {
  const target = index + by
  const item = list[index]
  if (item === undefined || target < 0 || target >= list.length) return [...list]
  const without = removed(list, index)
  return [...without.slice(0, target), item, ...without.slice(target)]
}
