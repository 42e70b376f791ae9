// bites: one-door-to-mongo
import type { MongoClient } from 'mongodb';

export type Queried = MongoClient;
