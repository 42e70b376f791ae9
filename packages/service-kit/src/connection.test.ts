import { expect, inject, test } from 'vitest';
import { openLine } from '../test/line.ts';
import { openConnection } from './connection.ts';
import { databaseOf } from './documents.ts';

test('a server that freezes is noticed: what waits for it fails, though no connection is closed', async () => {
  const line = await openLine(new URL(inject('mongoUri')));
  const connection = await openConnection({ uri: `mongodb://127.0.0.1:${line.port}/?directConnection=true`, database: 'test_frozen' });
  const db = databaseOf(connection);
  await db.command({ ping: 1 });
  line.freeze();
  await expect(db.command({ ping: 1 })).rejects.toThrow('interrupted due to server monitor timeout');
  line.cut();
  await connection.close();
});
