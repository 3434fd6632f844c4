import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'vite'
import { packInPlace } from './scripts/pack-in-place.ts'

const root = join(import.meta.dirname, 'src/renderer')

/**
 * The window's build, for both shells. Everything is a file of the window's own origin: no inline script, no data URL,
 * no absolute path, so that it stands under the strict CSP at whatever address the shell serves it.
 */
export const rendererConfig = {
  root,
  base: './',
  plugins: [react(), packInPlace()],
  worker: { format: 'es' },
  build: {
    outDir: join(import.meta.dirname, 'out/renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The image engine is large; it is loaded after sign-in.
    chunkSizeWarningLimit: 6_000,
    rolldownOptions: {
      input: join(root, 'index.html'),
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|scheduler|i18next|react-i18next)[\\/]/,
              priority: 3,
            },
            {
              name: 'editor',
              test: /node_modules[\\/](@codemirror|@lezer|style-mod|w3c-keyname|crelt)[\\/]/,
              priority: 2,
            },
          ],
        },
      },
    },
  },
  // The codecs' CommonJS parts must be bundled for the development server, their workers must not; nor what is changed above.
  optimizeDeps: {
    exclude: ['@cornerstonejs/dicom-image-loader', 'read-excel-file', 'write-excel-file'],
    include: ['dicom-parser'],
  },
} satisfies UserConfig

export default defineConfig(rendererConfig)
