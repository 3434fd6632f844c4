import { join } from 'node:path'
import { defineConfig } from 'vite'

/**
 * The gateway for plain Node, for installation beside its production packages: `bin/vigil.mjs` starts it. A file of its own has what
 * runs in a process or a thread of its own.
 */
export default defineConfig({
  build: {
    ssr: true,
    outDir: 'out/gateway',
    target: 'node22',
    minify: false,
    rolldownOptions: {
      input: {
        vigil: join(import.meta.dirname, 'src/server/cli/vigil.ts'),
        'check-worker': join(import.meta.dirname, 'src/server/backup/check-worker.ts'),
        'hsm-host': join(import.meta.dirname, 'src/server/protection/master/hsm-host.ts'),
      },
      output: { entryFileNames: '[name].js' },
    },
  },
})
