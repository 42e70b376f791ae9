export { access } from './gen/access.ts';
export { parkedTopic, type Topic, topics } from './topics.ts';

/** All protos of this build as a FileDescriptorSet, for gRPC reflection. */
export const descriptorFile: URL = new URL('./gen/descriptor.binpb', import.meta.url);
