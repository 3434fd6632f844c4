import type { ViewerSession } from './session.ts'
import { type Engine, startEngine } from './stage/engine.ts'

/**
 * The page's one engine and the sessions on it. cornerstone keeps its state per page (one cache, one worker pool), so this is
 * the one place of the viewer that does too; nothing happens before the first call.
 */
let starting: Promise<Engine> | null = null
let running: Engine | null = null
const sessions = new Set<ViewerSession>()

/** Starts the engine where it is not started; a failed start is tried again by the next call. */
export function engine(): Promise<Engine> {
  starting ??= startEngine().then(
    (started) => {
      running = started
      return started
    },
    (cause: unknown) => {
      starting = null
      throw cause
    },
  )
  return starting
}

export function enter(session: ViewerSession): void {
  sessions.add(session)
}

export function leave(session: ViewerSession): void {
  session.close()
  sessions.delete(session)
}

/** Creates the rendering engine and decode workers ahead of the first click. */
export async function warmUpViewer(): Promise<void> {
  await engine()
}

/**
 * For lock and close: calls off all loads, clears viewports and canvases, cornerstone's cache and the decode workers, so that
 * no pixel remains in the renderer. Mounted viewers show that they were cleared. Returns when it is done.
 */
export function releaseViewer(): void {
  for (const session of [...sessions]) leave(session)
  for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.vigil-viewer canvas')) {
    canvas.width = 0
    canvas.height = 0
  }
  // An engine still starting has decoded nothing yet.
  running?.wipe()
}
