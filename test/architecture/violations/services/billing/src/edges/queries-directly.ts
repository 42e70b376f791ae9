// bites: one-door-to-mongo
import { MongoClient } from 'mongodb';

export const queried = MongoClient;
