export { damageRows, noteDamage, standingDamage } from './damage-list.ts'
export { createDamageReports, type DamageReports, databasePlace, isUnreadableFile } from './damage-reports.ts'
export { type Adopted, resealRows, sealRows } from './row-seals.ts'
