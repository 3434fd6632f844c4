import { config } from 'zod'

// The window's CSP has no unsafe-eval. zod otherwise tries `new Function` once, which the browser reports as a violation.
config({ jitless: true })
