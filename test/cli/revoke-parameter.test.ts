import { parameterStore } from '../../cli/secret-services/parameter-store';
import { ManualClock } from '../../local/clock';
import { ParameterStore } from '../../local/parameter-store';
import { ServiceEndpoint } from '../../local/service-endpoint';
import { credentials } from '../local/services';

const NAME = '/webhooks/github';

/** Parameter Store with a parameter of two versions, and somebody else who puts a value while a command does something. */
async function world(
  during: string, run: (revoke: () => Promise<boolean>, value: (version?: number) => Promise<unknown>, store: ParameterStore) => Promise<void>,
): Promise<void> {
  const endpoint = new ServiceEndpoint();
  const store = new ParameterStore({ clock: new ManualClock(), region: 'us-east-1', account: '000000000000' });
  const { prefix, contentType } = store;
  let disturbed = false;
  endpoint.addJsonService({
    prefix, contentType,
    call: async (action, input) => {
      if (action === during && !disturbed) {
        disturbed = true;
        await store.call('PutParameter', { Name: NAME, Value: 'of somebody else', Overwrite: true });
      }
      return store.call(action, input);
    },
  });
  store.add({ name: NAME, current: 'current', previous: 'previous' });
  await endpoint.listen(0);
  const value = async (version?: number) => {
    const { Parameter } = await store.call('GetParameter', { Name: version ? `${NAME}:${version}` : NAME, WithDecryption: true }) as { Parameter: { Value: string } };
    return Parameter.Value;
  };
  try {
    await run(() => parameterStore.revoke({ client: { endpoint: endpoint.origin, region: 'us-east-1', credentials } }, NAME), value, store);
  } finally {
    await endpoint.close();
  }
}

describe('when somebody else puts a value at the same time', () => {
  test('just before the current one is put again, it is an error that names the version to look at', () => world('PutParameter', async (revoke, value) => {
    await expect(revoke()).rejects.toMatchObject({
      exit: 1, message: `somebody else put a value into parameter "${NAME}" at the same time: look whether version 3 is the right one, `
        + 'put that value again if another is the latest, and revoke once more',
    });
    expect([await value(3), await value()]).toEqual(['of somebody else', 'current']);
  }));

  test('earlier, nothing is lost: what is read is what is put again, or there is nothing to revoke', () => world('GetParameter', async (revoke, value) => {
    expect(await revoke()).toBe(true);
    expect([await value(3), await value()]).toEqual(['of somebody else', 'of somebody else']);
  }));
});

test('more versions than fit a page of the history are no hindrance', () => world('never', async (revoke, _value, store) => {
  for (let version = 3; version <= 60; version++) {
    await store.call('PutParameter', { Name: NAME, Value: `v${version}`, Overwrite: true, KeyId: 'alias/mine' });
  }
  expect(await revoke()).toBe(true);
  const { Parameters } = await store.call('GetParameterHistory', { Name: NAME, NextToken: '60' }) as { Parameters: object[] };
  expect(Parameters).toMatchObject([{ Version: 61, KeyId: 'alias/mine' }]);
  expect(await revoke()).toBe(false);
}));
