import { access } from '@schoolbell/contracts';
import { ImportKind } from '@schoolbell/contracts/school/registry/v1/registry';
import { RegistryServiceService } from '@schoolbell/contracts/school/registry/v1/registry_service';
import { err, isUuid, ok, type Result, schoolDateOf } from '@schoolbell/kernel';
import { type Call, type Deps, type Handlers, type RpcService, rpcService, type WireRefusal } from '@schoolbell/service-kit';
import type { RegistryConfig } from '../config.ts';
import { tidy } from '../domain/text.ts';
import type { RegistryTx } from '../tx.ts';
import { findPupils } from '../usecases/find-pupils.ts';
import { getGuardian } from '../usecases/get-guardian.ts';
import { getImport } from '../usecases/get-import.ts';
import { getPupil } from '../usecases/get-pupil.ts';
import { listClasses } from '../usecases/list-classes.ts';
import { listGuardians } from '../usecases/list-guardians.ts';
import { listPupils } from '../usecases/list-pupils.ts';
import { planImport } from '../usecases/plan-import.ts';
import { registerSchool } from '../usecases/register-school.ts';
import { startImport } from '../usecases/start-import.ts';
import { createFileReader, type FileReader, readerLimits } from './files/file-reader.ts';
import { classMessage, foundMessage, guardianMessage, importMessage, pupilMessage, schoolMessage } from './messages.ts';
import { cutPage, idCursor, pageOf } from './page.ts';
import { type RegistryRefused, refusalOf } from './refusals.ts';

type RegistryDeps = Pick<Deps<RegistryConfig, RegistryTx>, 'transact' | 'read' | 'now' | 'wake'>;
type RegistryHandlers = Handlers<typeof RegistryServiceService>;

// The file, and what stands around it in the request. A file that is a little too large is told so; a huge one ends at the door.
export const largestRequestBytes = readerLimits.bytes + 1_048_576;

export function registryRpc(deps: RegistryDeps, readFile: FileReader = createFileReader()): RpcService {
  return rpcService(RegistryServiceService, access, {
    ...schoolHandlers(deps),
    ...importHandlers(deps, readFile),
    ...listHandlers(deps),
    ...oneHandlers(deps),
  });
}

function schoolHandlers({ transact }: RegistryDeps): Pick<RegistryHandlers, 'registerSchool'> {
  return {
    async registerSchool({ school }, call) {
      const [code, name] = [tidy(school?.code ?? ''), tidy(school?.name ?? '')];
      if (school?.schoolId !== call.schoolId) return refuse({ code: 'SCHOOL_NOT_YOURS' });
      if (!/^[\w.-]{1,40}$/.test(code)) return refuse({ code: 'FIELD_WRONG', field: 'school.code' });
      if (name === '' || name.length > 200) return refuse({ code: 'FIELD_WRONG', field: 'school.name' });
      const stored = await transact(scopeOf(call), (tx) => registerSchool(tx, { code, name }));
      return answer(stored, (value) => ({ school: schoolMessage(value) }));
    },
  };
}

const kinds = { [ImportKind.ROSTER]: 'ROSTER', [ImportKind.CONTACTS]: 'CONTACTS' } as const;

function importHandlers(
  { transact, read, now, wake }: RegistryDeps,
  readFile: FileReader,
): Pick<RegistryHandlers, 'planImport' | 'applyImport' | 'getImport'> {
  return {
    async planImport({ importId, kind: kindNumber, fileName, content }, call) {
      const kind = kindNumber === ImportKind.ROSTER || kindNumber === ImportKind.CONTACTS ? kinds[kindNumber] : undefined;
      const name = tidy(fileName.replaceAll(/[\\/]/g, ' '));
      if (!isUuid(importId)) return refuse({ code: 'FIELD_WRONG', field: 'import_id' });
      if (!kind) return refuse({ code: 'FIELD_WRONG', field: 'kind' });
      if (name === '' || name.length > 200) return refuse({ code: 'FIELD_WRONG', field: 'file_name' });
      const file = await readFile({ kind, bytes: content, today: schoolDateOf(now()) });
      if (!file.ok) return refuse(file.refusal);
      const planned = await transact(scopeOf(call), (tx) => planImport(tx, { ...file.value, importId, fileName: name }));
      return answer(planned, (value) => ({ import: importMessage(value) }));
    },
    async applyImport({ importId }, call) {
      const started = await transact(scopeOf(call), (tx) => startImport(tx, { importId, by: call.caller.subject }));
      wake('apply-imports');
      return answer(started, (value) => ({ import: importMessage(value) }));
    },
    async getImport({ importId }, call) {
      const found = await read(scopeOf(call), (tx) => getImport(tx, importId));
      return answer(found, (value) => ({ import: importMessage(value) }));
    },
  };
}

function listHandlers({ read }: RegistryDeps): Pick<RegistryHandlers, 'listClasses' | 'listPupils' | 'listGuardians'> {
  return {
    async listClasses({ page }, call) {
      const asked = pageOf(page, classCursor);
      if (!asked.ok) return refuse(asked.refusal);
      const found = await read(scopeOf(call), (tx) => listClasses(tx, asked.value));
      const { items, page: next } = cutPage(found, asked.value.size, ({ grade, name }) => ({ grade, name }));
      return ok({ classes: items.map(classMessage), page: next });
    },
    async listPupils({ classId, includeLeft, page }, call) {
      const asked = pageOf(page, idCursor);
      if (!asked.ok) return refuse(asked.refusal);
      const found = await read(scopeOf(call), (tx) =>
        listPupils(tx, { ...asked.value, classId: classId === '' ? undefined : classId, includeLeft }),
      );
      const { items, page: next } = cutPage(found, asked.value.size, ({ id }) => id);
      return ok({ pupils: items.map((pupil) => pupilMessage(pupil)), page: next });
    },
    async listGuardians({ studentId, page }, call) {
      const asked = pageOf(page, idCursor);
      if (!asked.ok) return refuse(asked.refusal);
      const found = await read(scopeOf(call), (tx) =>
        listGuardians(tx, { ...asked.value, studentId: studentId === '' ? undefined : studentId }),
      );
      const { items, page: next } = cutPage(found, asked.value.size, ({ id }) => id);
      return ok({ guardians: items.map((guardian) => guardianMessage(guardian)), page: next });
    },
  };
}

function oneHandlers({ read }: RegistryDeps): Pick<RegistryHandlers, 'findPupils' | 'getPupil' | 'getGuardian'> {
  return {
    async findPupils({ codes }, call) {
      const childrenOf = isOnlyParent(call) ? call.caller.subject : undefined;
      const fewest = childrenOf === undefined ? 1 : 0;
      if (codes.length < fewest || codes.length > 200 || codes.some((code) => code === '' || code.length > 50))
        return refuse({ code: 'FIELD_WRONG', field: 'codes' });
      const found = await read(scopeOf(call), (tx) => findPupils(tx, { codes, childrenOf }));
      return ok({ pupils: found.map(foundMessage) });
    },
    async getPupil({ studentId }, call) {
      const found = await read(scopeOf(call), (tx) => getPupil(tx, studentId));
      return answer(found, ({ pupil, provenance }) => ({ pupil: pupilMessage(pupil, provenance) }));
    },
    async getGuardian({ guardianId }, call) {
      const found = await read(scopeOf(call), (tx) => getGuardian(tx, guardianId));
      return answer(found, ({ guardian, provenance }) => ({ guardian: guardianMessage(guardian, provenance) }));
    },
  };
}

/** Whoever may make this call by another role than parent acts for the school. */
function isOnlyParent({ caller: { roles } }: Call): boolean {
  const allowed: readonly string[] = access['school.registry.v1.RegistryService/FindPupils'];
  return !roles.some((role) => role !== 'parent' && allowed.includes(role));
}

function scopeOf({ schoolId, deadline }: Call): { schoolId: string; deadline: Date } {
  return { schoolId, deadline };
}

function answer<T, M>(result: Result<T, RegistryRefused>, message: (value: T) => M): Result<M, WireRefusal> {
  return result.ok ? ok(message(result.value)) : refuse(result.refusal);
}

function refuse(refusal: RegistryRefused): Result<never, WireRefusal> {
  return err(refusalOf(refusal));
}

function classCursor(value: unknown): { grade: number; name: string } | undefined {
  if (typeof value !== 'object' || value === null || !('grade' in value) || !('name' in value)) return undefined;
  const { grade, name } = value;
  return typeof grade === 'number' && typeof name === 'string' ? { grade, name } : undefined;
}
