import { join, resolve } from 'node:path'

export const projectRoot = join(import.meta.dirname, '..')

/** Everything of the demo lies below `.vigil/` in the project; deleting it starts over. A test has a place of its own. */
const root = resolve(process.env.VIGIL_DEMO_DIR ?? join(projectRoot, '.vigil'))

export const places = {
  root,
  gateway: join(root, 'gateway'),
  hospitalCa: join(root, 'hospital-ca'),
  usb: join(root, 'usb'),
  workstation: join(root, 'workstation'),
  workstationConfig: join(root, 'workstation', 'config.json'),
  /** The hospital's own critical-value dictionary. */
  dictionary: join(root, 'dictionary.json'),
  /** The key that the hospital signs answers with. */
  repliesSecret: join(root, 'replies.secret'),
  /** Who can sign in, with PINs, and the ports; written last, so that its presence says that the demo is whole. */
  card: join(root, 'demo.json'),
}
