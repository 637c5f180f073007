import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { account, type Account } from './account';
import { CLOUDFORMATION } from './gaps/cloudformation';
import { DELETION } from './gaps/deletion';
import { FUNCTIONS } from './gaps/functions';
import { HTTP_API } from './gaps/http-api';
import { Lab } from './gaps/lab';
import { MAPPINGS } from './gaps/mappings';
import { PERMISSIONS } from './gaps/permissions';
import { findings, type Finding } from './gaps/probe';
import { SQS } from './gaps/sqs';
import { page } from './gaps/table';
import { TARGETS } from './gaps/targets';

/** Name and version of the emulator that `ministack.mjs` has started: of another one, nobody has written down the gaps. */
const emulator = process.env['EMULATOR'];
const file = path.resolve(__dirname, '../../docs/emulator-gaps.md');

(account && emulator ? test : test.skip)('the gaps of the emulator are those of docs/emulator-gaps.md (skipped where ministack.mjs has not started it)', async () => {
  if (!account || !emulator) return;
  const text = page(emulator, await look(account));
  if (process.env['UPDATE_GAPS']) writeFileSync(file, text);
  // What is committed is what is expected; what is measured is what there is.
  expect(text).toBe(readFileSync(file, 'utf8'));
}, 120_000);

async function look(where: Account): Promise<Finding[]> {
  const lab = new Lab(where);
  try {
    await lab.open();
    const found = await findings([CLOUDFORMATION, SQS, MAPPINGS, FUNCTIONS, HTTP_API, TARGETS, PERMISSIONS], lab);
    for (const probe of DELETION.probes) found.push({ area: DELETION.name, probe, seen: await probe.look(lab) });
    return found;
  } finally {
    lab.close();
  }
}
