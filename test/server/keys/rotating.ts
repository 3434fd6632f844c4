/** Rotates the field key of a directory, slowly enough to be killed in between. Arguments: directory, master key in hex. */
import { rotateKey } from '../../../src/server/keys/index.ts'
import { openTestFoundation } from '../foundation.ts'

const [dir = '', masterKey = ''] = process.argv.slice(2)
const foundation = await openTestFoundation({}, { dir, masterKey: Buffer.from(masterKey, 'hex') })
process.stdout.write('begun\n')
const { damaged } = await rotateKey(foundation, 'field', {
  actor: { kind: 'cli', id: 'test' },
  graceMs: 50,
  pause: () => new Promise((resume) => setTimeout(resume, 30)),
})
process.stdout.write(`done ${damaged}\n`)
await foundation.store.close()
