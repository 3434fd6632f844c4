import { generateDemoStudies } from './index.ts'

/* node assets/phantoms/cli.ts DIR: writes the demo studies below DIR. */

const [targetDir] = process.argv.slice(2)
if (targetDir === undefined) {
  console.error('usage: node assets/phantoms/cli.ts DIR')
  process.exit(2)
}
const started = performance.now()
await generateDemoStudies({
  targetDir,
  now: Date.now(),
  onProgress: (done, total) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${done}/${total}`)
  },
})
console.log(
  `${process.stdout.isTTY ? '\n' : ''}written in ${((performance.now() - started) / 1000).toFixed(1)} s`,
)
