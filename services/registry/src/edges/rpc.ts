import { RegistryServiceService } from '@schoolbell/contracts/school/registry/v1/registry_service';
import { err, ok } from '@schoolbell/kernel';
import { type EdgeDeps, edge, found, type RpcService, readInput } from '@schoolbell/service-kit';
import type { RegistryTx } from '../tx.ts';
import { findPupils } from '../usecases/find-pupils.ts';
import { getGuardian } from '../usecases/get-guardian.ts';
import { getPupil } from '../usecases/get-pupil.ts';
import { listClasses } from '../usecases/list-classes.ts';
import { planImport } from '../usecases/plan-import.ts';
import { registerSchool } from '../usecases/register-school.ts';
import { startImport } from '../usecases/start-import.ts';
import { createFileReader, type FileReader, readerLimits } from './files/file-reader.ts';
import * as input from './input.ts';
import { classMessage, foundMessage, guardianMessage, importMessage, pupilMessage, schoolMessage } from './messages.ts';
import { refused } from './refusals.ts';

const { command, query, list, rpc } = edge<RegistryTx>();

// The file, and what stands around it in the request. A file that is a little too large is told so; a huge one ends at the door.
export const largestRequestBytes = readerLimits.bytes + 1_048_576;

/** school.registry.v1.RegistryService */
export function registryRpc(deps: EdgeDeps<RegistryTx>, readFile: FileReader = createFileReader()): RpcService {
  return rpc(RegistryServiceService, refused, {
    registerSchool: command(
      input.schoolInput,
      async (tx, { school: { schoolId, ...school } }) =>
        schoolId === tx.schoolId ? registerSchool(tx, school) : err({ code: 'SCHOOL_NOT_YOURS' }),
      (school) => ({ school: schoolMessage(school) }),
    ),
    planImport: async (request, call, { transact }) => {
      const asked = readInput(input.planInput, request);
      if (!asked.ok) return asked;
      const { importId, kind, fileName, content } = asked.value;
      // A process of its own reads the file: no transaction waits for it.
      const file = await readFile({ kind, bytes: content, today: call.today });
      if (!file.ok) return file;
      const planned = await transact(call, (tx) => planImport(tx, { ...file.value, importId, fileName }));
      return planned.ok ? ok({ import: importMessage(planned.value) }) : planned;
    },
    applyImport: command(
      input.importIdInput,
      (tx, { importId }, { caller }) => startImport(tx, { importId, by: caller.subject }),
      (started) => ({ import: importMessage(started) }),
      { wakes: 'apply-imports' },
    ),
    getImport: query(
      input.importIdInput,
      (tx, { importId }) => found(tx.imports.find(importId), { code: 'IMPORT_NOT_FOUND' }),
      (one) => ({ import: importMessage(one) }),
    ),
    listClasses: list(
      input.classesInput,
      (tx, { page }) => listClasses(tx, page),
      (rows) => ({ classes: rows.map(classMessage) }),
    ),
    listPupils: list(
      input.pupilsInput,
      (tx, { page, ...wanted }) => tx.pupils.page({ ...wanted, ...page }),
      (rows) => ({ pupils: rows.map((pupil) => pupilMessage(pupil)) }),
    ),
    listGuardians: list(
      input.guardiansInput,
      (tx, { page, studentId }, { today }) => tx.guardians.page({ studentId, today, ...page }),
      (rows) => ({ guardians: rows.map((guardian) => guardianMessage(guardian)) }),
    ),
    findPupils: query(
      input.codesInput,
      async (tx, { codes }, { caller, acting }) => {
        // A caller who may do this by another role than parent acts for the school.
        const childrenOf = acting.every((role) => role === 'parent') ? caller.subject : undefined;
        if (childrenOf === undefined && codes.length === 0) return err({ code: 'CODES_MISSING' });
        return ok(await findPupils(tx, { codes, childrenOf }));
      },
      (pupils) => ({ pupils: pupils.map(foundMessage) }),
    ),
    getPupil: query(
      input.pupilInput,
      (tx, { studentId }) => getPupil(tx, studentId),
      ({ pupil, provenance }) => ({ pupil: pupilMessage(pupil, provenance) }),
    ),
    getGuardian: query(
      input.guardianInput,
      (tx, { guardianId }) => getGuardian(tx, guardianId),
      ({ guardian, provenance }) => ({ guardian: guardianMessage(guardian, provenance) }),
    ),
  })(deps);
}
