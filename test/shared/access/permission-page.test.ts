import { describe, expect, it } from 'vitest'
import { SecurityPolicy } from '../../../src/shared/policy/index.ts'
import { permissionPage } from './permission-page.ts'

describe('docs/data-protection/permissions.md', () => {
  it('says what the code decides', async () => {
    const page = permissionPage(SecurityPolicy.parse({}).access)
    await expect(page).toMatchFileSnapshot('../../../docs/data-protection/permissions.md')
  })
})
