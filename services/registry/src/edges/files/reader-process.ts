import { type FileToRead, readFile } from './read-file.ts';

// One file, one process: whatever the file did to its memory is gone with it.
process.once('message', (file: FileToRead) => {
  process.send?.(readFile(file), () => process.disconnect());
});
