import { Command } from 'commander'
import { accountCommand } from './account.ts'
import { auditCommand } from './audit.ts'
import { backupCommand } from './backup.ts'
import { criticalCommand } from './critical.ts'
import { demoCommand } from './demo.ts'
import { endOnFault } from './faults.ts'
import { initCommand } from './init.ts'
import { integrityCommand } from './integrity.ts'
import { keysCommand } from './keys.ts'
import { ordersCommand } from './orders.ts'
import { pkiCommand } from './pki.ts'
import { reportCommand } from './report.ts'
import { serveCommand } from './serve.ts'
import { workstationCommand } from './workstation.ts'

endOnFault()
const program = new Command('vigil').description('The Vigil gateway').showHelpAfterError()
for (const command of [
  initCommand(),
  serveCommand(),
  workstationCommand(),
  pkiCommand(),
  accountCommand(),
  ordersCommand(),
  auditCommand(),
  backupCommand(),
  keysCommand(),
  integrityCommand(),
  reportCommand(),
  criticalCommand(),
  demoCommand(),
]) {
  program.addCommand(command)
}
try {
  await program.parseAsync()
} catch (error) {
  // What goes wrong here names a file, a key or a row, never a value; a stack would only hide it.
  console.error(`vigil: ${error instanceof Error ? error.message : 'failed'}`)
  process.exitCode = 1
}
