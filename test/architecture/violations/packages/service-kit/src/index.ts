import { Kafka } from 'kafkajs';
import { MongoClient } from 'mongodb';

export const plumbing = { Kafka, MongoClient };
