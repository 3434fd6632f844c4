/**
 * The path of a route with its parameters filled in.
 * @throws RangeError where a parameter is missing.
 */
export function fillPath(path: string, params: Record<string, string | number> = {}): string {
  return path.replace(/:([a-z]+)/gi, (_, name: string) => {
    const value = params[name]
    if (value === undefined) throw new RangeError(`route parameter ${name} is missing`)
    return encodeURIComponent(String(value))
  })
}
