import type { RenderingEngine } from '@cornerstonejs/core'

/** Where cornerstone's engine holds its WebGL contexts; it shows them to nobody. */
interface ContextHolder {
  _implementation?: {
    contextPool?: {
      getAllContexts(): readonly { getOpenGLRenderWindow(): { getCanvas(): HTMLCanvasElement } }[]
    }
  }
}

/**
 * Destroys the engine and gives its WebGL contexts back to the browser at once, with every texture in them. `destroy` alone
 * leaves that to the garbage collector: pixels would stay in the graphics memory for as long as that takes, and after a few
 * locks the page has more contexts than the sixteen that Chromium allows.
 */
export function destroyWithContexts(rendering: RenderingEngine): void {
  const pool = (rendering as unknown as ContextHolder)._implementation?.contextPool
  const canvases = pool?.getAllContexts().map((window) => window.getOpenGLRenderWindow().getCanvas()) ?? []
  rendering.destroy()
  for (const canvas of canvases) {
    // Meant to be lost: nobody is to be told, and nothing to be restored.
    canvas.addEventListener('webglcontextlost', (event) => event.stopImmediatePropagation(), {
      capture: true,
    })
    canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext()
  }
}
