import { Role } from '../../src/shared/access/index.ts'
import type { Route } from '../../src/shared/api/index.ts'
import type { Channel, ClientIdentity } from '../server/channel.ts'
import type { ComposedGateway } from './composed-gateway.ts'
import { mayCall } from './routes.ts'

/** For each route somebody who is allowed to call it, so that only what is sent is refused. */
export async function signInEverybody(gateway: ComposedGateway) {
  const { workstation, people } = gateway
  const identities = new Map<Role | 'workstation', ClientIdentity>([['workstation', workstation.identity]])
  for (const role of Role.options) identities.set(role, (await gateway.session(people[role])).identity)
  const channels = new Map([...identities].map(([who, identity]) => [who, gateway.connect(identity)]))

  const whoFor = (route: Route) =>
    route.principal === 'workstation' ? 'workstation' : Role.options.find((role) => mayCall(role, route))!
  return {
    channelFor: (route: Route): Channel => channels.get(whoFor(route))!,
    rawFor: (route: Route) => ({
      port: gateway.apiPort(),
      ca: gateway.authorities.gatewayCa,
      identity: identities.get(whoFor(route))!,
    }),
  }
}
