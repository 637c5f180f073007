import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { allCases } from './cases';
import { DIFFERENCES } from './differences';
import { runCase } from './suite';

/** It has no types. */
const dynalite = require('dynalite') as (options: object) => ReturnType<typeof createServer>;

let server: Server;
let url: string;

beforeAll(async () => {
  server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

const explained = new Set(DIFFERENCES.dynalite!.flatMap(({ cases }) => cases));

test('its differences are of cases that are there', () => {
  expect([...explained].filter((id) => !allCases.some((testCase) => testCase.id === id))).toEqual([]);
});

test.each(allCases.map((testCase) => [testCase.id, testCase] as const))('%s', async (id, testCase) => {
  expect(await runCase(testCase, url)).toEqual(explained.has(id) ? expect.any(String) : undefined);
});
