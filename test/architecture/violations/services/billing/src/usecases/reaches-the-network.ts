// bites: usecases-see-tx-and-domain
import { request } from 'node:http';

export const reached = request;
