import { join } from 'node:path'
import { ensureBuilt } from '../../scripts/build-renderer.ts'

const folder = 'out/viewer-page'

/** The harness page's production build, made once for all tests that show images in it. @returns where it is. */
export async function builtViewerPage(): Promise<string> {
  await ensureBuilt({
    config: 'test/renderer/viewer-page/vite.config.ts',
    output: folder,
    sources: ['src/renderer', 'src/shared', 'test/renderer/viewer-page', 'package-lock.json'],
  })
  return join(import.meta.dirname, '../..', folder)
}
