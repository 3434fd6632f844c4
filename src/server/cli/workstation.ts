import { Command } from 'commander'
import { createEnrolmentCodes, createWorkstations } from '../identity/index.ts'
import { loadAuthorities } from '../pki/index.ts'
import { cliActor } from './actor.ts'
import { withFoundation } from './with-foundation.ts'

const minute = 60_000

export function workstationCommand(): Command {
  const workstation = new Command('workstation').description('workstations')
  workstation
    .command('enrol-code')
    .description('make a one-time enrolment ticket; the enrolment listener opens while it is good')
    .requiredOption('--dir <directory>', 'the data directory')
    .option('--host <name>', 'the name or address that the workstation reaches this gateway by')
    .option('--minutes <n>', 'how long it is good', Number, 15)
    .action(enrolCode)
  workstation
    .command('list')
    .description('enrolled workstations')
    .requiredOption('--dir <directory>', 'the data directory')
    .action(async ({ dir }: { dir: string }) => {
      const rows = await withFoundation(dir, (foundation) => createWorkstations(foundation).list())
      for (const row of rows) {
        const until = new Date(row.certificateExpiresAt).toISOString().slice(0, 10)
        console.log(`${row.id}  ${row.state === 'revoked' ? 'revoked' : `until ${until}`}  ${row.name}`)
      }
    })
  workstation
    .command('revoke <id>')
    .description("refuse a workstation's certificate from now on")
    .requiredOption('--dir <directory>', 'the data directory')
    .action(async (id: string, { dir }: { dir: string }) => {
      await withFoundation(dir, (foundation) => createWorkstations(foundation).revoke(id, cliActor()))
    })
  return workstation
}

async function enrolCode(options: { dir: string; host?: string; minutes: number }): Promise<void> {
  if (!(options.minutes >= 1 && options.minutes <= 1440)) throw new Error('--minutes: 1 to 1440')
  const ticket = await withFoundation(options.dir, async (foundation, paths) => {
    const authorities = await loadAuthorities(paths.pki, { clock: Date.now })
    const { listen, serverNames } = foundation.config
    const host = options.host ?? serverNames[0] ?? listen.host
    const { code } = await createEnrolmentCodes(foundation).create(cliActor(), options.minutes * minute)
    return `${host}:${listen.enrolmentPort}/${code}/${authorities.gatewayPin}`
  })
  console.log(ticket)
}
