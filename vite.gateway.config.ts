import { join } from 'node:path'
import { defineConfig } from 'vite'

/** The gateway as one file that plain Node runs, for installation beside its production packages: `bin/vigil.mjs` starts it. */
export default defineConfig({
  build: {
    ssr: join(import.meta.dirname, 'src/server/cli/vigil.ts'),
    outDir: 'out/gateway',
    target: 'node22',
    minify: false,
    rolldownOptions: { output: { entryFileNames: 'vigil.js' } },
  },
})
