import mongoose from 'mongoose';
import { describe, expect, test } from 'vitest';
import { defineCollection, type Stored } from './documents.ts';

interface Order extends Stored {
  total: bigint;
  note?: string;
  lines: { price: bigint }[];
}
const line = new mongoose.Schema({ price: { type: BigInt, required: true } }, { _id: false });
const orders = defineCollection<Order>(
  'orders',
  new mongoose.Schema({ total: { type: BigInt, required: true }, note: String, lines: { type: [line], required: true } }),
);

describe('what an update sets', () => {
  test('may be a part of the document', () => {
    expect(() => orders.checkPart({ total: 1n })).not.toThrow();
    expect(() => orders.checkPart({ _id: 'o-1', schoolId: 'school-a', lines: [{ price: 1n }], note: undefined })).not.toThrow();
  });

  test('has the types of the schema, down to the elements of a list', () => {
    expect(() => orders.checkPart({ total: 1 })).toThrow('orders.total must be BigInt');
    expect(() => orders.checkPart({ note: null })).toThrow('orders.note must be String');
    expect(() => orders.checkPart({ lines: [{ price: '1' }] })).toThrow('orders.lines[].price must be BigInt');
    expect(() => orders.checkPart({ lines: [{}] })).toThrow('orders.lines[].price must be a value');
  });

  test('is in the schema, or below something that is', () => {
    expect(() => orders.checkPart({ sum: 1n })).toThrow('orders.sum is not in the schema');
    expect(() => orders.checkPart({ 'lines.0.price': 1n })).not.toThrow();
    expect(() => orders.checkPart({ 'rows.0.price': 1n })).toThrow('orders.rows.0.price is not in the schema');
  });
});

test('a collection knows the paths that begin with a field of its schema, and no others', () => {
  expect(['_id', 'schoolId', 'note', 'lines.0.price', 'lines.price'].filter((path) => !orders.knows(path))).toEqual([]);
  expect(['', '$where', 'notes', 'constructor', '.note'].filter(orders.knows)).toEqual([]);
});
