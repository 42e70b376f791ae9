import { Kafka } from 'kafkajs';
import { MongoClient } from 'mongodb';
import { invoices } from '../../services/billing/src/store/invoices.ts';

export const floor = { Kafka, MongoClient, invoices };
