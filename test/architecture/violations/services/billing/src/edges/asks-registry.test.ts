// bites: services-are-islands
import type { pupil } from '../../../registry/src/domain/pupil.ts';

export type Asked = typeof pupil;
