#!/usr/bin/env node
// The gateway's command line. A packaged gateway has it built; a checkout runs the source, which needs Node 22.18 or newer.
import { existsSync } from 'node:fs'

const built = new URL('../out/gateway/vigil.js', import.meta.url)
const source = new URL('../src/server/cli/vigil.ts', import.meta.url)
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `vigil needs Node 22.18 or newer, this is ${process.versions.node}; within the checkout use: npm run vigil -- …`,
  )
  process.exit(1)
}
await import(existsSync(source) ? source : built)
