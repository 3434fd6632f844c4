import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The page alone, built as the product's renderer is: hashed files, nothing inlined, ES module workers. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    assetsInlineLimit: 0,
    emptyOutDir: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 8000,
  },
  logLevel: 'warn',
})
