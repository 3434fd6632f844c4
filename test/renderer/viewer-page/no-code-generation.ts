import { config } from 'zod'

// As the product does it, before any schema is made: the policy forbids code generation, and zod would try it once.
config({ jitless: true })
