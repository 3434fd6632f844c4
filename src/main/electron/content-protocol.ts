import { protocol } from 'electron'
import type { WindowServices } from '../shell.ts'
import { isRendererUrl, scheme } from './origin.ts'

/** Before the app is ready: app:// is a standard, secure origin of its own, so that 'self' in the policy means it. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ])
}

/** Answers app://vigil/… from the workstation core: the renderer's files and the pixels. */
export function serveContent(content: WindowServices['content']): void {
  protocol.handle(scheme, async (request) => {
    if (request.method !== 'GET' || !isRendererUrl(request.url)) return new Response(null, { status: 404 })
    const path = decodedPath(request.url)
    if (path === null) return new Response(null, { status: 404 })
    const { status, headers, body } = await content(path, request.signal)
    return new Response(body as ConstructorParameters<typeof Response>[0], { status, headers })
  })
}

function decodedPath(url: string): string | null {
  try {
    return decodeURIComponent(new URL(url).pathname.slice(1))
  } catch {
    return null
  }
}
