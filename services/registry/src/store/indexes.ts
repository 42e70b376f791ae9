import { classes } from './classes.ts';
import { guardians } from './guardians.ts';
import { identities } from './identities.ts';
import { importRows } from './import-rows.ts';
import { imports } from './imports.ts';
import { pupils } from './pupils.ts';
import { schools } from './schools.ts';

/** Every collection of registry, with its indexes. */
export const collections = [schools, classes, pupils, identities, guardians, imports, importRows];
