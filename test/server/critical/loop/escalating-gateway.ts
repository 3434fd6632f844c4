/**
 * A gateway's loop in a process of its own, for killing: escalates what is open. Says `ready` once it runs.
 * Arguments: database directory, master key (hex).
 */
import { openWard } from './ward.ts'

const [dir = '', masterKey = ''] = process.argv.slice(2)
const room = await openWard({}, {}, { dir, masterKey: Buffer.from(masterKey, 'hex') })
Object.defineProperty(room.time, 'now', { get: Date.now })
await room.critical.start()
process.stdout.write('ready\n')
