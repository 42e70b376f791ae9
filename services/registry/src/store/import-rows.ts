import { defineCollection, type Session, type Stored } from '@schoolbell/service-kit';
import { Schema } from 'mongoose';
import { type ChunkContent, expiryOf, type ImportChunk } from '../domain/import.ts';

/** A chunk of a planned import. It holds what a file said, person numbers included, for as short a time as can be. */
interface ImportRowsDocument extends Stored {
  importId: string;
  index: number;
  kind: ChunkContent['kind'];
  /** Rows, guardians or pupils, as `kind` says. They are checked when a chunk is made, and read by nobody else. */
  items: unknown[];
  /** When a plan that nobody applied is deleted. */
  expiresAt?: Date;
}

export const importRows = defineCollection<ImportRowsDocument>(
  'import_rows',
  new Schema({
    importId: { type: String, required: true },
    index: { type: Number, required: true },
    kind: { type: String, required: true, enum: ['PUPILS', 'GUARDIANS', 'TIES'] },
    items: { type: [Schema.Types.Mixed], required: true },
    expiresAt: Date,
  })
    .index({ schoolId: 1, importId: 1, index: 1 }, { unique: true })
    .index({ expiresAt: 1 }, { expireAfterSeconds: 0 }),
);

export interface ImportRowsStore {
  find(importId: string, index: number): Promise<ImportChunk | undefined>;
  insert(chunk: ImportChunk, plannedAt: Date): void;
  /** From now on the chunks wait for their turn, however long it takes. */
  keep(importId: string): void;
  delete(importId: string, index: number): void;
  deleteAll(importId: string): void;
}

export function importRowsStore(session: Session): ImportRowsStore {
  const collection = session.collection(importRows);
  return {
    async find(importId, index) {
      const found = await collection.findOne({ _id: chunkId(importId, index) });
      return found && { importId, index, content: contentOf(found) };
    },
    insert: ({ importId, index, content }, plannedAt) =>
      collection.insert({
        _id: chunkId(importId, index),
        importId,
        index,
        kind: content.kind,
        items: [...content.items],
        expiresAt: expiryOf(plannedAt),
      }),
    keep: (importId) => collection.updateMany({ importId }, { $unset: { expiresAt: '' } }),
    delete: (importId, index) => collection.delete({ _id: chunkId(importId, index) }),
    deleteAll: (importId) => collection.delete({ importId }),
  };
}

function chunkId(importId: string, index: number): string {
  return `${importId}/${index}`;
}

function contentOf({ kind, items }: ImportRowsDocument): ChunkContent {
  return { kind, items } as ChunkContent;
}
