import { randomUUID } from 'node:crypto';
import { RealClock } from '../../../local/clock';
import { GatewayRun, synthesise } from '../../local/gateway-run';
import { removeFolders, waitFor } from '../../local/lambda/support';
import { Receiver, verifyArrival, type Arrival } from '../../local/receiver';
import { clientFile, describeWithRic, ricVersion } from './clients';

describeWithRic(`a whole gateway whose functions aws-lambda-ric ${ricVersion} runs`, () => {
  let receiver: Receiver;
  let gateway: GatewayRun;

  beforeEach(async () => {
    receiver = new Receiver();
    const assembly = synthesise(await receiver.listen());
    gateway = await GatewayRun.start(assembly, { clock: new RealClock(), bootstrapFile: clientFile('aws') });
  });

  afterEach(async () => {
    await gateway.close();
    await receiver.close();
  });

  afterAll(removeFolders);

  test('takes a webhook in and delivers its very bytes', async () => {
    const body = Buffer.from([...Buffer.from(JSON.stringify({ id: randomUUID(), text: '\u00e9 \u{1F600}' })), 0x0a]);
    expect((await gateway.send(body)).status).toBe(200);
    await waitFor(() => gateway.said('delivered').length === 1);
    expect(receiver.arrivals).toHaveLength(1);
    const arrival = receiver.arrivals[0] as Arrival;
    expect(arrival.body).toEqual(body);
    verifyArrival(arrival, gateway.signingSecret.value, Date.now());
    expect(gateway.said('accepted')[0]).toMatchObject({ source: 'github', type: 'push', bytes: body.length, targets: ['billing'] });
    expect(gateway.said('attempt')).toMatchObject([{ target: 'billing', attempt: 1, outcome: 'delivered', status: 200 }]);
  });

  test('refuses a forged one', async () => {
    expect((await gateway.send('{}', { secret: 'another secret' })).status).toBe(401);
    await waitFor(() => gateway.said('rejected').length === 1);
    expect(gateway.said('rejected')[0]).toMatchObject({ source: 'github', status: 401, reason: 'signature' });
    expect(receiver.arrivals).toEqual([]);
  });

  test('leaves what a target does not take in the queue', async () => {
    receiver.always = 503;
    expect((await gateway.send('{}')).status).toBe(200);
    await waitFor(() => gateway.said('attempt').length === 1);
    expect(gateway.said('attempt')[0]).toMatchObject({ outcome: 'status', status: 503, retryInSeconds: expect.any(Number) });
    expect(gateway.said('dead-lettered')).toEqual([]);
  });
});
