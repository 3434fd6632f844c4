import { randomBytes } from 'node:crypto'
import { createDraftCipher, createDrafts, openDraftFiles } from '../../../src/main/drafts/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'

/** Types as a radiologist does, a character each 20 ms, and prints how far it got, until it is killed. */
const [dataDir = '', key = ''] = process.argv.slice(2)
const cipher = createDraftCipher(Buffer.from(key, 'base64'), randomBytes)
const drafts = createDrafts({
  accountId: 'account',
  files: await openDraftFiles(dataDir, 'account', cipher),
  clock: Date.now,
  steady: () => performance.now(),
  saveOnGateway: () => Promise.reject(new VigilError('gateway-unreachable')),
  passes: () => true,
  onEvent: () => {},
})
await drafts.open('1.2.3', null)
for (let typed = 1; ; typed++) {
  void drafts.save('1.2.3', { findings: '影'.repeat(typed), impression: '' })
  process.stdout.write(`${typed} ${Date.now()}\n`)
  await new Promise((resolve) => setTimeout(resolve, 20))
}
