import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../../src/main/tokens/index.ts'
import { temporary } from '../temporary.ts'

describe('the policy of allowed PKCS#11 modules', () => {
  const dir = temporary('policy')
  const module = join(dir, 'vendor.so')
  writeFileSync(module, 'library')
  const sha256 = createHash('sha256').update('library').digest('hex')
  const read = (policy: unknown) => {
    const file = join(dir, 'policy.json')
    writeFileSync(file, typeof policy === 'string' ? policy : JSON.stringify(policy))
    return readPolicy(file)
  }

  it('lets a module with the right hash through', async () => {
    expect(await read({ modules: [{ path: module, sha256, label: 'V' }] })).toEqual({
      modules: [module],
      problems: [],
    })
  })

  it('reports a changed and a missing module and loads neither', async () => {
    const absent = { path: join(dir, 'none.so'), sha256, label: 'none' }
    const changed = { path: module, sha256: '0'.repeat(64), label: 'changed' }
    expect(await read({ modules: [absent, changed] })).toEqual({
      modules: [],
      problems: [
        { problem: 'module-missing', label: 'none' },
        { problem: 'module-hash-wrong', label: 'changed' },
      ],
    })
  })

  it.each([
    'not json',
    { modules: [{ path: 'vendor.so', sha256, label: 'relative' }] },
    { modules: [{ path: module, label: 'no hash' }] },
    { modules: [], also: 1 },
  ])('refuses a policy that is not one: %j', async (policy) => {
    expect(await read(policy)).toMatchObject({ modules: [], problems: [{ problem: 'policy-invalid' }] })
  })

  it('reports a missing policy', async () => {
    expect(await readPolicy(join(dir, 'none.json'))).toMatchObject({
      problems: [{ problem: 'policy-missing' }],
    })
  })
})
