import { VigilError } from '../../shared/errors/index.ts'
import { SettingsArea, settings as schemas, type UserSettings } from '../../shared/settings/index.ts'
import type { Foundation } from '../foundation.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import { createDamageReports } from '../integrity/index.ts'
import { IntegrityError, type Place } from '../protection/index.ts'

/** What one area of one person may hold, in characters of JSON: some hundred templates. */
const largest = 900_000

const rowOf = (accountId: string, area: SettingsArea) => `${accountId}/${area}`
const place = (row: string): Place => ({ table: 'user_settings', column: 'sealed_value', row })

/** How people work, the same at every desk. Phrases and templates are people's own words, so that all of it is sealed. */
export function createUserSettings(
  foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock' | 'log'>,
): { readonly handlers: Handlers<'settings' | 'saveSettings'> } {
  const { store, protection, audit, clock } = foundation
  const damage = createDamageReports(foundation)

  /** What cannot be read is reported, and is then as delivered: nobody is kept from their work by it. */
  async function openedValue(accountId: string, area: SettingsArea, sealed: string): Promise<unknown> {
    const at = place(rowOf(accountId, area))
    try {
      return schemas[area].parse(JSON.parse(protection.open(at, sealed)))
    } catch (error) {
      await (error instanceof IntegrityError ? damage.report(error.place) : damage.report(at, 'not valid'))
      return undefined
    }
  }

  return {
    handlers: {
      async settings({ principal: { accountId } }) {
        const rows = await store.db
          .selectFrom('user_settings')
          .select(['area', 'sealed_value'])
          .where('account_id', '=', accountId)
          .execute()
        const found: [SettingsArea, unknown][] = []
        for (const row of rows) {
          const area = SettingsArea.safeParse(row.area).data
          const value = area && (await openedValue(accountId, area, row.sealed_value))
          if (area && value !== undefined) found.push([area, value])
        }
        // Each value has passed its area's schema.
        return { settings: Object.fromEntries(found) as UserSettings }
      },

      async saveSettings({ principal, params: { area }, body: { value }, address }) {
        const { accountId } = principal
        const sealed = value === null ? null : sealedValue(accountId, area, value)
        await store.transaction(async (trx) => {
          if (sealed === null) {
            await trx
              .deleteFrom('user_settings')
              .where('account_id', '=', accountId)
              .where('area', '=', area)
              .execute()
          } else {
            const row = { sealed_value: sealed, updated_at: clock() }
            await trx
              .insertInto('user_settings')
              .values({ account_id: accountId, area, ...row })
              .onConflict((conflict) => conflict.columns(['account_id', 'area']).doUpdateSet(row))
              .execute()
          }
          await audit.append(trx, {
            action: 'settings.saved',
            outcome: 'success',
            actor: auditActor(principal, address),
            object: { kind: 'account', id: accountId },
            detail: { area, delivered: sealed === null },
          })
        })
        return {}
      },
    },
  }

  /** @throws VigilError `bad-request` naming the area and the field that is not valid; `too-large`. */
  function sealedValue(accountId: string, area: SettingsArea, value: unknown): string {
    const parsed = schemas[area].safeParse(value)
    if (!parsed.success) {
      const path = (parsed.error.issues[0]?.path ?? []).map(String).join('.')
      throw new VigilError('bad-request', { where: 'body', field: `${area}.${path}`.slice(0, 80) })
    }
    const json = JSON.stringify(parsed.data)
    if (json.length > largest) throw new VigilError('too-large', { field: area })
    return protection.seal(place(rowOf(accountId, area)), json)
  }
}
