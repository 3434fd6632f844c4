import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { Role } from '../../shared/access/index.ts'
import { createAccounts } from '../identity/index.ts'
import { cliActor } from './actor.ts'
import { withFoundation } from './with-foundation.ts'

export function accountCommand(): Command {
  const account = new Command('account').description('accounts')
  account
    .command('add <login>')
    .description('add a person, and bind the certificate of their USB key')
    .requiredOption('--dir <directory>', 'the data directory')
    .requiredOption('--name <name>', "the person's name")
    .requiredOption('--role <role...>', `one or more of: ${Role.options.join(', ')}`)
    .option('--certificate <file>', 'PEM or DER')
    .action(add)
  account
    .command('bind <login>')
    .description('bind a further certificate to an account')
    .requiredOption('--dir <directory>', 'the data directory')
    .requiredOption('--certificate <file>', 'PEM or DER')
    .action(bind)
  return account
}

async function add(
  login: string,
  options: { dir: string; name: string; role: string[]; certificate?: string },
): Promise<void> {
  const roles = options.role.map((role) => {
    const parsed = Role.safeParse(role)
    if (!parsed.success) throw new Error(`--role ${role}: one of ${Role.options.join(', ')}`)
    return parsed.data
  })
  const certificate = options.certificate ? await readFile(options.certificate) : null
  await withFoundation(options.dir, async (foundation) => {
    const accounts = createAccounts(foundation)
    const id = await accounts.create({ loginName: login, displayName: options.name, roles }, cliActor())
    if (certificate) await accounts.bindCertificate(id, certificate, cliActor())
  })
}

async function bind(login: string, options: { dir: string; certificate: string }): Promise<void> {
  const certificate = await readFile(options.certificate)
  await withFoundation(options.dir, async (foundation) => {
    const accounts = createAccounts(foundation)
    const id = await accounts.idOf(login)
    if (id === null) throw new Error(`no account ${login}`)
    await accounts.bindCertificate(id, certificate, cliActor())
  })
}
