import { status } from '@grpc/grpc-js';

export const notFound = status.NOT_FOUND;
