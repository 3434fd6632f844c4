import { Command } from 'commander'
import { createEnrolmentCodes, createWorkstations, ticketText, type Workstations } from '../identity/index.ts'
import { openPki } from '../pki/index.ts'
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
        console.log(`${row.id}  ${row.state === 'active' ? `until ${until}` : row.state}  ${row.name}`)
      }
    })
  const change = (
    verb: 'suspend' | 'resume' | 'revoke',
    description: string,
    work: (workstations: Workstations, id: string, reason: string) => Promise<void>,
  ) =>
    workstation
      .command(`${verb} <id>`)
      .description(description)
      .requiredOption('--dir <directory>', 'the data directory')
      .option('--reason <text>', 'for the audit', '')
      .action((id: string, { dir, reason }: { dir: string; reason: string }) =>
        withFoundation(dir, (foundation) => work(createWorkstations(foundation), id, reason)),
      )
  change('suspend', 'refuse a workstation until it is resumed', (all, id, reason) =>
    all.suspend(id, cliActor(), reason),
  )
  change('resume', 'let a suspended workstation in again', (all, id, reason) =>
    all.resume(id, cliActor(), reason),
  )
  change('revoke', "refuse a workstation's certificate for good", (all, id, reason) =>
    all.revoke(id, cliActor(), reason),
  )
  return workstation
}

async function enrolCode(options: { dir: string; host?: string; minutes: number }): Promise<void> {
  if (!(options.minutes >= 1 && options.minutes <= 1440)) throw new Error('--minutes: 1 to 1440')
  const ticket = await withFoundation(options.dir, async (foundation, paths) => {
    const { authorities } = await openPki(foundation, paths.pki)
    const { listen, serverNames } = foundation.config
    const host = options.host ?? serverNames[0] ?? listen.host
    const { code } = await createEnrolmentCodes(foundation).create(cliActor(), options.minutes * minute)
    return ticketText({ host, port: listen.enrolmentPort, code, pin: authorities.gatewayPin })
  })
  console.log(ticket)
}
