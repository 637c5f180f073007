import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { credentials } from '../../local/services';
import { engineTests } from './engine';

/** It has no types. */
const dynalite = require('dynalite') as (options: object) => ReturnType<typeof createServer>;

let server: Server;

beforeAll(async () => {
  server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

const endpoint = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

engineTests(() => ({ endpoint: endpoint(), region: 'us-east-1', credentials }), 'dynalite');
