import { closeFunctions, folderWith, removeFolders, returned } from '../../local/lambda/support';
import type { Case } from './cases/case';
import { ENDS } from './cases/ends';
import { ERRORS } from './cases/errors';
import { MODULES } from './cases/modules';
import { RESULTS } from './cases/results';
import { STARTS } from './cases/starts';
import { SURROUNDINGS } from './cases/surroundings';
import { CLIENTS, describeWithRic, functionOf, ricVersion } from './clients';
import { DIFFERENCES } from './differences';
import { observe } from './observe';

afterEach(closeFunctions);
afterAll(removeFolders);

describeWithRic(`our bootstrap and aws-lambda-ric ${ricVersion} agree on`, () => {
  describe.each<[string, readonly Case[]]>([
    ['a result:', RESULTS], ['an error:', ERRORS], ['a start:', STARTS], ['a module:', MODULES], ['an end:', ENDS], ['what surrounds a function:', SURROUNDINGS],
  ])('%s', (_title, cases) => {
    test.each(cases.map((one) => [one.what, one] as const))('%s', async (_what, { code, events = [{}], says, definition }) => {
      const files = typeof code === 'string' ? { 'index.mjs': code } : code;
      const [ours, aws] = await Promise.all(CLIENTS.map((client) => observe(client, files, definition ?? {}, events)));
      expect(aws?.results).toEqual(says);
      expect(ours).toEqual(aws);
    });
  });

  test.each(CLIENTS)('concurrent invocations: an environment each, with an id and a trace of its own (%s)', async (client) => {
    const folder = folderWith('', 'seat');
    const { target } = functionOf(client, `
      import { readdirSync, writeFileSync } from 'node:fs';
      export const handler = async (event, context) => {
        writeFileSync(event.folder + '/call' + event.id, '');
        while (readdirSync(event.folder).filter((name) => name.startsWith('call')).length < 3) await new Promise((resolve) => setTimeout(resolve, 2));
        return { id: event.id, pid: process.pid, requestId: context.awsRequestId, trace: process.env._X_AMZN_TRACE_ID };
      };`);
    const results = await Promise.all([1, 2, 3].map((id) => target.invoke({ folder, id })));
    const answers = results.map((result) => returned<{ id: number; pid: number; requestId: string; trace: string }>(result));
    expect(answers.map(({ id, requestId }) => ({ id, requestId })))
      .toEqual(results.map((result, index) => ({ id: index + 1, requestId: 'requestId' in result && result.requestId })));
    for (const name of ['pid', 'requestId', 'trace'] as const) expect(new Set(answers.map((answer) => answer[name])).size).toBe(3);
  });
});

describeWithRic('our bootstrap and aws-lambda-ric differ', () => {
  test.each(DIFFERENCES.map((one) => [one.what, one] as const))('in %s', async (_what, { code, clock, shows, ours, aws }) => {
    const seen = await Promise.all(CLIENTS.map(async (client) => {
      const { target, lines } = functionOf(client, code, clock && { clock: clock() });
      return shows(await target.invoke({}), lines);
    }));
    expect(seen).toEqual([ours, aws]);
  });
});
