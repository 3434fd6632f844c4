/** The renderer's own origin; nothing else is ever shown. */
export const scheme = 'app'
export const rendererOrigin = 'app://vigil'
export const rendererUrl = `${rendererOrigin}/index.html`

/** True for addresses of the renderer itself. */
export function isRendererUrl(address: string): boolean {
  try {
    const { protocol, host } = new URL(address)
    return protocol === `${scheme}:` && host === 'vigil'
  } catch {
    return false
  }
}
