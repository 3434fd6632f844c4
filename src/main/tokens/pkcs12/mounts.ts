import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'

/**
 * Where the operating system mounts removable media. Linux: what is mounted below the desktop's media folders. macOS:
 * /Volumes. Windows: every drive letter but the system's; a folder without key files costs one directory read.
 */
export async function removableMounts(platform = process.platform): Promise<string[]> {
  if (platform === 'win32') {
    const system = (process.env.SystemDrive ?? 'C:').toUpperCase()
    const drives = Array.from({ length: 24 }, (_, index) => `${String.fromCharCode(67 + index)}:`)
    return drives.filter((drive) => drive !== system).map((drive) => `${drive}\\`)
  }
  if (platform === 'darwin') return ['/Volumes']
  return mediaMounts(await readFile('/proc/self/mounts', 'utf8').catch(() => ''), userInfo().username)
}

/** The mount points of /proc/self/mounts (fstab(5)) that lie below /media, /run/media or /mnt/usb. */
export function mediaMounts(mounts: string, user: string): string[] {
  const roots = ['/media/', `/run/media/${user}/`, '/mnt/usb']
  return mounts
    .split('\n')
    .map((line) => unescapeOctal(line.split(' ')[1] ?? ''))
    .filter((point) => roots.some((root) => point.startsWith(root)))
}

/** fstab(5) writes a space as \040. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
