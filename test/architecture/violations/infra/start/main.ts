// bites: infra-runs-services-from-outside
import { rpc } from '../../services/billing/src/edges/rpc.ts';

console.log(rpc);
