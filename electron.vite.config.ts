import { join } from 'node:path'
import { defineConfig } from 'electron-vite'
import { rendererConfig } from './vite.renderer.config.ts'

const source = join(import.meta.dirname, 'src')
const out = join(import.meta.dirname, 'out')

/** The Electron build: the privileged process with its token host, the preload script, and the window of both shells. */
export default defineConfig({
  main: {
    build: {
      outDir: join(out, 'main'),
      rolldownOptions: {
        input: {
          index: join(source, 'main/electron/main.ts'),
          'token-host': join(source, 'main/tokens/pkcs11/host.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: join(out, 'preload'),
      // A sandboxed preload script is one CommonJS file: it can require nothing but 'electron'.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: join(source, 'preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: rendererConfig,
})
