export { access } from './gen/access.ts';
export { groupOf, groupsOf, parkedTopic, type RpcsOf, type ServiceName, serviceNames, services, type Topic, topics } from './services.ts';

/** All protos of this build as a FileDescriptorSet, for gRPC reflection. */
export const descriptorFile: URL = new URL('./gen/descriptor.binpb', import.meta.url);
