// bites: packages-below-infra
import { startEngines } from '../../../infra/engines/index.ts';

export const started = startEngines;
