import { readFile } from 'node:fs/promises';
import type { Server } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { descriptorFile } from '@schoolbell/contracts';
import { FileDescriptorSet } from '@schoolbell/contracts/google/protobuf/descriptor';
import { protoPath as healthFile } from 'grpc-health-check';

/** Tells anyone who asks what `services` look like, and health beside them: what it names is here, and what is not here it does not know. */
export async function addReflection(server: Server, services: readonly string[]): Promise<void> {
  const { file: all } = FileDescriptorSet.decode(await readFile(descriptorFile));
  const kept = loadFileDescriptorSetFromBuffer(Buffer.from(FileDescriptorSet.encode({ file: neededBy(services, all) }).finish()));
  const listed = [...services, 'grpc.health.v1.Health'];
  new ReflectionService({ ...kept, ...loadSync(healthFile) }, { services: listed }).addToServer(server);
}

type File = FileDescriptorSet['file'][number];

/** The files that declare the services, with everything they import. */
function neededBy(services: readonly string[], all: readonly File[]): File[] {
  const declares = (file: File): boolean => file.service.some(({ name }) => services.includes(`${file.package}.${name}`));
  const wanted = new Set(all.filter(declares).map(({ name }) => name));
  // A set goes on to what is added while it is walked.
  for (const name of wanted) for (const imported of all.find((file) => file.name === name)?.dependency ?? []) wanted.add(imported);
  return all.filter(({ name }) => wanted.has(name));
}
