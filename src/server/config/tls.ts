import { z } from 'zod'

/** How the gateway, as a client, protects a connection to a hospital system. Files are PEM, relative to the data directory. */
export const ClientTls = z.strictObject({
  /** Whose certificates are trusted; the system's own list where absent. */
  caFile: z.string().optional(),
  /** The gateway's own certificate and key, where the other side asks for one. */
  certificateFile: z.string().optional(),
  keyFile: z.string().optional(),
  /** The name in the other side's certificate, where it differs from the host. */
  serverName: z.string().optional(),
})
export type ClientTls = z.infer<typeof ClientTls>

/** How the gateway, as a server, protects a listener. */
export const ServerTls = z.strictObject({
  certificateFile: z.string(),
  keyFile: z.string(),
  /** Clients must show a certificate of one of these CAs. */
  clientCaFile: z.string().optional(),
})
export type ServerTls = z.infer<typeof ServerTls>

/** Addresses that may connect: IPv4 or IPv6, single or as a CIDR block. Nobody else is let in. */
export const AllowedPeers = z
  .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
  .min(1)
  .max(100)
