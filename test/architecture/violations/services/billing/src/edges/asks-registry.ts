// bites: services-are-islands
import { pupil } from '../../../registry/src/domain/pupil.ts';

export const asked = pupil;
