import { ensureSystemPackages } from './system-packages.ts'

/** Installs what the tests need from the system, for a CI that then runs them as an ordinary user. */
const missing = ensureSystemPackages('tests')
for (const sentence of missing) console.error(sentence)
process.exitCode = missing.length === 0 ? 0 : 1
