import type { Connection, mongo, Schema, SchemaType } from 'mongoose';

/** What every document of every collection has. `schoolId` is added by the kit, never by a store. */
export interface Stored {
  _id: string;
  schoolId: string;
}

/** One collection: its name, its mongoose schema with its indexes, and the check that every written document passes. */
export interface CollectionDef<D extends Stored> {
  readonly name: string;
  readonly schema: Schema;
  readonly jsonSchema?: object;
  /** Throws on an unknown field, a missing one or a wrong type, naming the path and never the value. */
  readonly check: (document: D) => void;
  /** The same for the top-level fields that an update sets; of a dotted path only the head is looked at. */
  readonly checkPart: (fields: object) => void;
  /** Whether the head of this path ("lines.0.total") is a field of the collection. */
  readonly knows: (path: string) => boolean;
}

/**
 * Declares a collection. Types are checked, not cast: domain objects are typed already, and hydrating mongoose documents
 * costs twenty times the BSON (reliability M8). Money is BigInt, days are String, instants are Date, bytes are Buffer.
 */
export function defineCollection<D extends Stored>(name: string, schema: Schema, options: { jsonSchema?: object } = {}): CollectionDef<D> {
  schema.add({ _id: { type: String, required: true }, schoolId: { type: String, required: true } });
  const fields = fieldsOf(schema);
  const check = checkObject(fields);
  return {
    name,
    schema,
    ...options,
    check: (document) => check(document as unknown, name),
    checkPart: (part) => {
      for (const [path, value] of Object.entries(part)) {
        const field = fields.get(headOf(path));
        if (field === undefined) throw unlisted(name, path);
        if (value !== undefined && fields.has(path)) field.check(value, `${name}.${path}`);
      }
    },
    knows: (path) => fields.has(headOf(path)),
  };
}

type Check = (value: unknown, path: string) => void;

type Fields = ReadonlyMap<string, { readonly check: Check; readonly required: boolean }>;

function headOf(path: string): string {
  return path.split('.', 1)[0] ?? path;
}

function fieldsOf(schema: Schema): Fields {
  const fields = new Map<string, { check: Check; required: boolean }>();
  schema.eachPath((path, type) => {
    const [head = path, ...rest] = path.split('.');
    if (rest.length > 0) throw new Error(`Declare ${head} with a schema of its own, not as the nested path ${path}`);
    fields.set(head, { check: compilePath(type), required: type.isRequired === true });
  });
  return fields;
}

function checkObject(fields: Fields): Check {
  const required = [...fields].filter(([, field]) => field.required).map(([name]) => name);
  return (value, path) => {
    if (typeof value !== 'object' || value === null) throw wrong(path, 'an object');
    const object = value as Record<string, unknown>;
    for (const name of required) if (object[name] === undefined || object[name] === null) throw wrong(`${path}.${name}`, 'a value');
    for (const name in object) {
      const field = fields.get(name);
      if (field === undefined) throw unlisted(path, name);
      const member = object[name];
      if (member !== undefined) field.check(member, `${path}.${name}`);
    }
  };
}

const scalars: Record<string, (value: unknown) => boolean> = {
  String: (value) => typeof value === 'string',
  Number: (value) => typeof value === 'number' && Number.isFinite(value),
  BigInt: (value) => typeof value === 'bigint',
  Boolean: (value) => typeof value === 'boolean',
  Date: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
  Buffer: (value) => value instanceof Uint8Array,
  Mixed: () => true,
};

interface CompositeType {
  readonly schema?: Schema;
  readonly embeddedSchemaType?: SchemaType;
}

function compilePath(type: SchemaType): Check {
  const composite: CompositeType = type;
  switch (type.instance) {
    case 'Array': {
      const inner = elementOf(composite, type.path);
      return (value, path) => {
        if (!Array.isArray(value)) throw wrong(path, 'an array');
        for (const element of value) inner(element, `${path}[]`);
      };
    }
    case 'Embedded':
      if (composite.schema) return checkObject(fieldsOf(composite.schema));
      break;
    default: {
      const fits = scalars[type.instance];
      const allowed = (type as { enumValues?: readonly unknown[] }).enumValues ?? [];
      if (fits && allowed.length > 0) {
        return (value, path) => {
          if (!allowed.includes(value)) throw wrong(path, `one of ${allowed.join(', ')}`);
        };
      }
      if (fits) {
        return (value, path) => {
          if (!fits(value)) throw wrong(path, type.instance);
        };
      }
    }
  }
  throw new Error(`The schema type ${type.instance} of ${type.path} has no check here`);
}

function elementOf({ schema, embeddedSchemaType }: CompositeType, path: string): Check {
  if (schema) return checkObject(fieldsOf(schema));
  if (embeddedSchemaType) return compilePath(embeddedSchemaType);
  throw new Error(`${path} does not say what it holds`);
}

function unlisted(path: string, name: string): TypeError {
  return new TypeError(`${path}.${name} is not in the schema`);
}

function wrong(path: string, wanted: string): TypeError {
  return new TypeError(`${path} must be ${wanted}`);
}

type AnyDef = Pick<CollectionDef<Stored>, 'name' | 'schema' | 'jsonSchema'>;

/** Creates what is missing: collections, validators, indexes. Run before traffic; a transaction must never meet DDL (M6). */
export async function ensureCollections(connection: Connection, defs: readonly AnyDef[]): Promise<void> {
  const db = databaseOf(connection);
  const known = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
  for (const def of defs) {
    const validator = def.jsonSchema ? { $jsonSchema: def.jsonSchema } : {};
    if (!known.has(def.name)) await createCollection(db, def.name, validator);
    else if (def.jsonSchema) await db.command({ collMod: def.name, validator });
    const indexes = def.schema.indexes();
    if (indexes.length > 0) {
      await db.collection(def.name).createIndexes(
        indexes.map(([key, options]) => ({
          ...(options as object),
          key: key as mongo.IndexSpecification & {},
        })) as mongo.IndexDescription[],
      );
    }
  }
}

async function createCollection(db: mongo.Db, name: string, validator: object): Promise<void> {
  try {
    await db.createCollection(name, { validator });
  } catch (error) {
    const exists = 48; // Two services of one kind may migrate at once.
    if ((error as { code?: number }).code !== exists) throw error;
  }
}

/** Throws when an index is missing: unique indexes are what turns a retry into the first answer. */
export async function assertCollections(connection: Connection, defs: readonly AnyDef[]): Promise<void> {
  const db = databaseOf(connection);
  const missing: string[] = [];
  for (const def of defs) {
    const wanted = def.schema.indexes();
    const found = await db
      .collection(def.name)
      .indexes()
      .catch(() => []);
    if (found.length === 0) missing.push(def.name);
    for (const [key, options] of wanted) {
      const unique = (options as { unique?: boolean }).unique === true;
      const there = found.some((index) => JSON.stringify(index.key) === JSON.stringify(key) && (index.unique === true) === unique);
      if (!there) missing.push(`${def.name} ${JSON.stringify(key)}`);
    }
  }
  if (missing.length > 0) throw new Error(`The database lacks ${missing.join(', ')}. Start the service once with --migrate.`);
}

export function databaseOf(connection: Connection): mongo.Db {
  if (!connection.db) throw new Error('The connection to MongoDB is not open');
  return connection.db;
}
