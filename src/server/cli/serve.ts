import { Command } from 'commander'
import { pino } from 'pino'
import { startGateway } from '../app.ts'
import { readConfig } from '../config/index.ts'
import { dataDirectory } from '../data-directory/index.ts'

export function serveCommand(): Command {
  return new Command('serve')
    .description('run the gateway on a data directory')
    .requiredOption('--dir <directory>', 'the data directory')
    .action(async ({ dir }: { dir: string }) => {
      const paths = dataDirectory(dir)
      const config = await readConfig(paths.config, paths.root)
      const log = pino({ level: config.log.level })
      const gateway = await startGateway(paths, { clock: Date.now, log })
      console.log(`vigil: serving ${gateway.gatewayId} on ${config.listen.host}:${gateway.apiPort}`)
      await signalled()
      await gateway.close()
      console.log('vigil: stopped')
    })
}

/** Waits for SIGTERM or SIGINT; a second one ends the process at once. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1))
        resolve()
      })
    }
  })
}
