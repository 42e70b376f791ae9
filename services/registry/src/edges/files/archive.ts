import { err, ok, type Result } from '@schoolbell/kernel';
import { unzipSync } from 'fflate';

/** The parts of a zip archive, inflated one at a time and only when asked for. */
export interface Archive {
  readonly names: ReadonlySet<string>;
  /** Undefined when there is no such part. Throws when the part is damaged. */
  part(name: string): Uint8Array | undefined;
}

export type ArchiveRefused =
  | { readonly code: 'NOT_A_WORKBOOK' }
  | { readonly code: 'OLD_OR_LOCKED_WORKBOOK' }
  | { readonly code: 'UNPACKS_TOO_LARGE' };

const mebibyte = 1_048_576;
// A workbook of 20,000 pupils with 70 columns unpacks to about 80 MB, at 15 to 1.
const mostUnpacked = 100 * mebibyte;
const mostEntries = 1_000;
const steepest = 200;

/**
 * Opens a zip archive by its directory. Sizes are checked before anything is unpacked; a part that lies about its size is cut off
 * at what it declared, because that is how much memory it is given.
 */
export function openArchive(bytes: Uint8Array): Result<Archive, ArchiveRefused> {
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) return err({ code: 'OLD_OR_LOCKED_WORKBOOK' });
  if (!startsWith(bytes, [0x50, 0x4b])) return err({ code: 'NOT_A_WORKBOOK' });
  const names = new Set<string>();
  let unpacked = 0;
  let tooLarge = false;
  let entries = 0;
  try {
    unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        names.add(name);
        unpacked += originalSize;
        tooLarge ||= ++entries > mostEntries || unpacked > mostUnpacked || (originalSize > mebibyte && originalSize > steepest * size);
        return false;
      },
    });
  } catch {
    return err({ code: 'NOT_A_WORKBOOK' });
  }
  if (tooLarge) return err({ code: 'UNPACKS_TOO_LARGE' });
  return ok({ names, part: (name) => (names.has(name) ? unzipSync(bytes, { filter: (entry) => entry.name === name })[name] : undefined) });
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}
