import { config } from 'zod'

// The window's CSP has no unsafe-eval. zod otherwise tries `new Function` once, which the browser reports as a violation.
// It has to be told before the first schema is made, hence before anything else is loaded.
config({ jitless: true })

const { start } = await import('./app/start.tsx')
await start()
