// bites: one-door-to-grpc
import { status } from '@grpc/grpc-js';

export const answered = status;
