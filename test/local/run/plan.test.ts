import type { StackArtifact } from '../../../local/assembly/assembly';
import { planApis } from '../../../local/run/apis';
import { findFunction, type FunctionSettings, functionResources, planFunction } from '../../../local/run/functions';
import { ManualClock } from '../../../local/clock';
import { functionLine } from '../../../local/run/lines';
import { planMappings } from '../../../local/run/mappings';
import { warnOfOtherCallers } from '../../../local/run/other-callers';
import { choosePlace, distinctStacks } from '../../../local/run/place';
import type { TemplateResource } from '../../../local/assembly/template';
import { deploy, deployAll, HASH, lambdaFunction, recorder, resource } from './deploy';

const RULE = 'arn:aws:events:eu-west-1:000000000000:rule/minutely';
const F = 'arn:aws:lambda:eu-west-1:000000000000:function:f';

describe('the place of a run', () => {
  const stack = (name: string, more: Partial<StackArtifact> = {}): StackArtifact => (
    { stackName: name, displayName: name, templateFile: '', assets: new Map(), parameters: {}, ...more });

  test('is nobody\'s account in us-east-1 where no stack names one', () => {
    expect(choosePlace([stack('A')], recorder().warn)).toEqual({ account: '000000000000', region: 'us-east-1' });
  });

  test('is that of the first stack that names one; others are told', () => {
    const { warn, warned } = recorder();
    const stacks = [stack('A'), stack('B', { account: '1', region: 'eu-west-1' }), stack('C', { account: '1', region: 'us-west-2' })];
    expect(choosePlace(stacks, warn)).toEqual({ account: '1', region: 'eu-west-1' });
    expect(warned).toEqual([expect.stringMatching(/^not-run: the stack "C" .*us-west-2.*into 1 and eu-west-1$/)]);
  });

  test('has one stack of a name; the second is left out and named', () => {
    const { warn, warned } = recorder();
    expect(distinctStacks([stack('hooks', { displayName: 'Us/A' }), stack('hooks', { displayName: 'Eu/A' })], warn).map(({ displayName }) => displayName)).toEqual(['Us/A']);
    expect(warned).toEqual([expect.stringMatching(/"Eu\/A" is left out.*"hooks" of "Us\/A"/)]);
  });
});

describe('a function', () => {
  const settings: FunctionSettings = { environment: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, overrides: new Map(), localUrls: (text) => text };

  function plan(properties: object, others: { [id: string]: TemplateResource } = {}, more: Partial<FunctionSettings> = {}) {
    const { warn, warned } = recorder();
    const deployment = deploy({ F: lambdaFunction({ FunctionName: 'f', ...properties }), ...others });
    return { ...planFunction(functionResources(deployment).get(F)!, { ...settings, ...more }, warn), warned };
  }

  test('is what its template says', () => {
    const { definition, concurrency, warned } = plan({ Timeout: 30, MemorySize: '256', ReservedConcurrentExecutions: 2, Environment: { Variables: { A: 'b', N: 1 } } });
    expect(definition).toEqual({
      name: 'f', arn: F, codeDirectory: expect.stringMatching(new RegExp(`/asset.${HASH}$`)), handler: 'index.handler', timeoutSeconds: 30, memoryMegabytes: 256,
      environment: { A: 'b', N: '1', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    });
    expect([concurrency, warned]).toEqual([2, []]);
  });

  test('has Lambda\'s defaults', () => {
    expect(plan({})).toMatchObject({ definition: { timeoutSeconds: 3, memoryMegabytes: 128 } });
    expect(plan({})).not.toHaveProperty('concurrency');
  });

  test('gets no endpoint that leads past the run', () => {
    const Variables = { AWS_ENDPOINT_URL: 'https://x', AWS_ENDPOINT_URL_SQS: 'https://sqs.eu-west-1.amazonaws.com', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
    expect(plan({ Environment: { Variables } }).definition.environment).toEqual(settings.environment);
  });

  test('can be given variables in place of its own', () => {
    const overrides = new Map([[F, { TARGET_URL: 'http://127.0.0.1:9' }]]);
    const { environment } = plan({ Environment: { Variables: { TARGET_URL: 'https://example.com' } } }, {}, { overrides }).definition;
    expect(environment.TARGET_URL).toBe('http://127.0.0.1:9');
  });

  test('is named once for each thing it is given that is not made here', () => {
    const Variables = { T: { Ref: 'Table' }, ARN: { 'Fn::GetAtt': ['Table', 'Arn'] }, Q: { Ref: 'Q' }, L: { Ref: 'L' } };
    const { warned } = plan({ Environment: { Variables } }, {
      Table: resource('AWS::RDS::DBInstance'), Q: resource('AWS::SQS::Queue'), L: resource('AWS::Logs::LogGroup'),
    });
    expect(warned).toEqual(['not-made: the function "F" of stack "Main" is given "Table" (AWS::RDS::DBInstance), which a local run does not make: what it asks of it will fail']);
  });

  test('is named when the thing is in another stack', () => {
    const { warn, warned } = recorder();
    const deployment = deployAll({
      Main: { Resources: { F: lambdaFunction({ FunctionName: 'f', Environment: { Variables: { T: { 'Fn::ImportValue': 'table' } } } }) } },
      Data: { Resources: { Table: resource('AWS::RDS::DBInstance') }, Outputs: { T: { Value: { Ref: 'Table' }, Export: { Name: 'table' } } } },
    });
    planFunction(functionResources(deployment).get(F)!, settings, warn);
    expect(warned).toEqual([expect.stringContaining('"Table" (AWS::RDS::DBInstance)')]);
  });

  test('is told that it has no layers', () => {
    expect(plan({ Layers: ['arn:aws:lambda:eu-west-1:1:layer:x:1'] }).warned).toEqual(['not-run: the layers of the function "F" of stack "Main" are left out']);
  });

  test('runs outside its VPC, and that is told', () => {
    const { warned } = plan({ VpcConfig: { SubnetIds: [{ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }], SecurityGroupIds: [] } });
    expect(warned).toEqual([expect.stringMatching(/^not-run: the VPC of the function "F" of stack "Main" is left out/)]);
  });

  test.each([['its name', { Ref: 'F' }], ['its ARN', { 'Fn::GetAtt': ['F', 'Arn'] }]])('has the asynchronous retries that are configured for %s', (_name, FunctionName) => {
    const config = resource('AWS::Lambda::EventInvokeConfig', { FunctionName, Qualifier: '$LATEST', MaximumRetryAttempts: 0 });
    expect(plan({}, { Config: config })).toMatchObject({ asyncRetries: 0 });
    expect(plan({}, { Config: { ...config, Properties: { ...config.Properties, FunctionName: 'another' } } })).not.toHaveProperty('asyncRetries');
  });

  test.each(['AWS::S3::Bucket', 'AWS::Lambda::EventSourceMapping', 'AWS::Events::Rule'])('may be given one of %s: it runs here', (type) => {
    expect(plan({ Environment: { Variables: { X: { Ref: 'X' } } } }, { X: resource(type) }).warned).toEqual([]);
  });

  test('fails when its variables cannot be resolved', () => {
    expect(() => plan({ Environment: { Variables: { HOST: { 'Fn::GetAtt': ['Db', 'Endpoint.Address'] } } } }, { Db: resource('AWS::RDS::DBInstance') }))
      .toThrow(/"Db","Endpoint.Address".*at Resources\/F\/Properties\/Environment\/Variables\/HOST of stack "Main"/);
  });

  test.each(['f', F, `${F}:live`, `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${F}/invocations`])('is found by %s', (reference) => {
    const { warn, warned } = recorder();
    expect(findFunction(reference, functionResources(deploy({ F: lambdaFunction({ FunctionName: 'f' }) })), 'x', warn)).toBe(F);
    expect(warned).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ['another runtime', { Runtime: 'python3.13' }, /"F" has the runtime "python3.13", and a local run has Node.js only/],
    ['an image', { Runtime: undefined, Code: { ImageUri: 'x' } }, /"F" is a container image/],
    ['code in the template', { Code: { ZipFile: 'x' } }, /"F" has its code in the template/],
  ])('with %s is left out, and named', (_name, properties, message) => {
    const { warn, warned } = recorder();
    expect(findFunction('f', functionResources(deploy({ F: lambdaFunction({ FunctionName: 'f', ...properties }) })), 'the route "X"', warn)).toBeUndefined();
    expect(warned).toEqual([expect.stringMatching(message)]);
  });

  test('of another app is left out, and named', () => {
    const { warn, warned } = recorder();
    expect(findFunction('arn:aws:lambda:eu-west-1:1:function:other', new Map(), 'the route "X"', warn)).toBeUndefined();
    expect(warned).toEqual(['not-run: the route "X" is left out: its function "arn:aws:lambda:eu-west-1:1:function:other" is in no stack of the assembly']);
  });
});

describe('an HTTP API', () => {
  const api = { Ref: 'Api' };
  const route = (RouteKey: string, integration = 'I') => resource('AWS::ApiGatewayV2::Route', { ApiId: api, RouteKey, Target: { 'Fn::Sub': `integrations/\${${integration}}` } });
  const valid = (): { [id: string]: TemplateResource } => ({
    F: lambdaFunction({ FunctionName: 'f' }),
    Api: resource('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }),
    Stage: resource('AWS::ApiGatewayV2::Stage', { ApiId: api, StageName: '$default' }),
    I: resource('AWS::ApiGatewayV2::Integration', { ApiId: api, IntegrationUri: { 'Fn::GetAtt': ['F', 'Arn'] }, PayloadFormatVersion: '2.0' }),
    R: route('ANY /github'),
  });

  function plan(change: { [id: string]: TemplateResource } = {}) {
    const { warn, warned } = recorder();
    const deployment = deploy({ ...valid(), ...change });
    return { apis: planApis(deployment, functionResources(deployment), warn), warned, deployment };
  }

  test('has the routes of its template', () => {
    const { apis, warned } = plan();
    expect(apis).toEqual([{ id: expect.stringMatching(/^[a-z0-9]{10}$/), stage: '$default', routes: [{ method: 'ANY', path: '/github', functionArn: F }] }]);
    expect(warned).toEqual([]);
  });

  test('throttles a route as the stage says for it, else as it says for all', () => {
    const { apis: [planned] } = plan({
      R2: route('POST /stripe'),
      Stage: resource('AWS::ApiGatewayV2::Stage', {
        ApiId: api, StageName: '$default', DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
        RouteSettings: { 'ANY /github': { ThrottlingRateLimit: 5 } },
      }),
    });
    expect(planned?.routes.map(({ throttle }) => throttle)).toEqual([{ rate: 5, burst: 200 }, { rate: 100, burst: 200 }]);
  });

  test.each<[string, { [id: string]: TemplateResource }, RegExp]>([
    ['a path parameter', { R: route('GET /x/{id}') }, /"GET \/x\/\{id\}" of stack "Main" is left out: .*literal path/],
    ['no method and path', { R: route('$default') }, /"\$default" of stack "Main" is left out/],
    ['another payload format', { I: resource('AWS::ApiGatewayV2::Integration', { ApiId: api, IntegrationUri: F, PayloadFormatVersion: '1.0' }) }, /payload format 2.0 only/],
    ['something else behind it', { I: resource('AWS::ApiGatewayV2::Integration', { ApiId: api, IntegrationUri: 'https://example.com', PayloadFormatVersion: '2.0' }) }, /"https:\/\/example.com" is in no stack/],
    ['what cannot be resolved', { I: resource('AWS::ApiGatewayV2::Integration', { ApiId: api, IntegrationUri: { 'Fn::GetAtt': ['L', 'ListenerArn'] }, PayloadFormatVersion: '2.0' }), L: resource('AWS::X::Y') }, /^unresolvable: .*ListenerArn/],
  ])('leaves out a route with %s, and is left out itself with no other', (_name, change, message) => {
    const { apis, warned } = plan(change);
    expect(apis).toEqual([]);
    expect(warned).toEqual([expect.stringMatching(message)]);
  });

  test('without the stage $default is left out, and named', () => {
    const { apis, warned } = plan({ Stage: resource('AWS::ApiGatewayV2::Stage', { ApiId: api, StageName: 'prod' }) });
    expect([apis, warned]).toEqual([[], [expect.stringMatching(/the API "Api" of stack "Main" is left out/)]]);
  });

  test.each<[string, object, number]>([
    ['an API that runs', { Principal: 'apigateway.amazonaws.com', SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:eu-west-1:000000000000:${Api}/*/*/github' } }, 0],
    ['an API that does not run', { Principal: 'apigateway.amazonaws.com', SourceArn: 'arn:aws:execute-api:eu-west-1:000000000000:other/*' }, 1],
    ['a rule with a schedule', { Principal: 'events.amazonaws.com', SourceArn: RULE }, 0],
    ['another rule', { Principal: 'events.amazonaws.com', SourceArn: `${RULE}-of-events` }, 1],
  ])('leave to call a function for %s', (_name, properties, warnings) => {
    const { apis, deployment } = plan({ P: resource('AWS::Lambda::Permission', { FunctionName: F, ...properties }) });
    const { warn, warned } = recorder();
    warnOfOtherCallers(deployment, { apiIds: apis.map(({ id }) => id), rules: [RULE] }, warn);
    expect(warned).toHaveLength(warnings);
    for (const text of warned) expect(text).toMatch(/^not-run: (apigateway|events)\.amazonaws\.com calls a function by the permission "P"/);
  });
});

describe('an event source mapping', () => {
  function plan(properties: object) {
    const { warn, warned } = recorder();
    const deployment = deploy({
      F: lambdaFunction({ FunctionName: 'f' }), Q: resource('AWS::SQS::Queue', { QueueName: 'q' }),
      M: resource('AWS::Lambda::EventSourceMapping', { EventSourceArn: { 'Fn::GetAtt': ['Q', 'Arn'] }, FunctionName: { Ref: 'F' }, ...properties }),
    });
    return { mappings: planMappings(deployment, functionResources(deployment), warn), warned };
  }

  test('is what its template says', () => {
    const { mappings, warned } = plan({
      BatchSize: 10, MaximumBatchingWindowInSeconds: 5, ScalingConfig: { MaximumConcurrency: 2 }, FunctionResponseTypes: ['ReportBatchItemFailures'], Enabled: false,
    });
    expect(mappings).toEqual([{
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
      arn: expect.stringMatching(/^arn:aws:lambda:eu-west-1:000000000000:event-source-mapping:[0-9a-f-]{36}$/),
      queueArn: 'arn:aws:sqs:eu-west-1:000000000000:q', functionArn: F, batchSize: 10, batchingWindowSeconds: 5, maximumConcurrency: 2,
      reportBatchItemFailures: true, enabled: false,
    }]);
    expect(warned).toEqual([]);
  });

  test('is enabled and reports nothing unless it says so', () => {
    expect(plan({}).mappings).toEqual([expect.objectContaining({ reportBatchItemFailures: false, enabled: true })]);
  });

  test('tells that it does not filter', () => {
    expect(plan({ FilterCriteria: { Filters: [] } })).toMatchObject({ mappings: [{ functionArn: F }], warned: [expect.stringContaining('the filter of the event source mapping "M"')] });
  });

  test.each<[string, object, RegExp]>([
    ['another source', { EventSourceArn: 'arn:aws:dynamodb:eu-west-1:1:table/t/stream/1' }, /"arn:aws:dynamodb:eu-west-1:1:table\/t\/stream\/1" is no queue of the assembly/],
    ['a function of another app', { FunctionName: 'other' }, /its function "other" is in no stack/],
    ['what cannot be resolved', { EventSourceArn: { 'Fn::GetAtt': ['Q', 'Nothing'] } }, /^unresolvable: .*"Nothing"/],
  ])('with %s is left out, and named', (_name, properties, message) => {
    expect(plan(properties)).toEqual({ mappings: [], warned: [expect.stringMatching(message)] });
  });
});

describe('a line that a function prints', () => {
  const clock = new ManualClock(Date.parse('2026-11-20T12:00:00Z'));

  test('passes as it is where it is an event', () => {
    expect(functionLine('{"event":"accepted","time":"t","id":1}', 'f', clock)).toEqual({ event: 'accepted', time: 't', id: 1 });
  });

  test.each(['plain text', '', '{"level":"INFO"}', '{"event":1}', '{', '[]', 'null'])('is told as a log otherwise: %j', (message) => {
    expect(functionLine(message, 'f', clock)).toEqual({ event: 'log', time: '2026-11-20T12:00:00.000Z', function: 'f', message });
  });
});
