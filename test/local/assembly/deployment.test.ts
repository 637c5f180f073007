import { readAssembly } from '../../../local/assembly/assembly';
import type { DeployedStack } from '../../../local/assembly/deployed-stack';
import { Deployment } from '../../../local/assembly/deployment';
import type { Template } from '../../../local/assembly/template';
import { temporaryFolder } from '../../temporary-folder';
import { environment, writeAssembly, writeJson, type WrittenStack } from './write-assembly';

function deploy(stacks: { [id: string]: WrittenStack }): Deployment {
  return new Deployment(readAssembly(writeAssembly(stacks)), environment);
}

function stackOf(template: Template): DeployedStack {
  return deploy({ Main: { template } }).stacks[0] as DeployedStack;
}

const queue = (properties: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties: properties as { [name: string]: unknown } });

/** What `Ref` and attributes of a resource give, through an output each. */
function told(resource: { Type: string; Properties?: { [name: string]: unknown } }, ...attributes: string[]): { [name: string]: string } {
  const stack = stackOf({
    Resources: { Thing1234: resource, Func: { Type: 'AWS::Lambda::Function' } },
    Outputs: Object.fromEntries([['Ref', { Value: { Ref: 'Thing1234' } }], ...attributes.map((name) => [name, { Value: { 'Fn::GetAtt': ['Thing1234', name] } }])]),
  });
  return Object.fromEntries(['Ref', ...attributes].map((name) => [name, stack.output(name)]));
}

describe('physical ids', () => {
  test('are of the form that CloudFormation makes, and the same every time', () => {
    const first = told(queue(), 'Arn', 'QueueName');
    expect(first.QueueName).toMatch(/^Main-Thing1234-[A-Z0-9]{12}$/);
    expect(first.Ref).toBe(`http://127.0.0.1:1/000000000000/${first.QueueName}`);
    expect(first.Arn).toBe(`arn:aws:sqs:eu-west-1:000000000000:${first.QueueName}`);
    expect(told(queue(), 'Arn', 'QueueName')).toEqual(first);
  });

  test('differ between logical ids and between stacks', () => {
    const template = { Resources: { A: queue(), B: queue() }, Outputs: { A: { Value: { Ref: 'A' } }, B: { Value: { Ref: 'B' } } } };
    const { stacks } = deploy({ One: { template }, Two: { template } });
    const random = (url: string) => url.slice(-12);
    expect(new Set(stacks.flatMap((stack) => [random(stack.output('A')), random(stack.output('B'))])).size).toBe(4);
  });

  test('keep a name that the template gives', () => {
    expect(told(queue({ QueueName: 'orders' }), 'Arn')).toMatchObject({ Arn: 'arn:aws:sqs:eu-west-1:000000000000:orders' });
  });

  test('end in .fifo for a FIFO queue, in 80 characters at most', () => {
    expect(told(queue({ FifoQueue: true }), 'QueueName').QueueName).toMatch(/^Main-Thing1234-[A-Z0-9]{12}\.fifo$/);
    const stack = stackOf({ Resources: { ['L'.repeat(200)]: queue({ FifoQueue: 'true' }) } });
    const name = stack.identity('L'.repeat(200)).attributes.QueueName as string;
    expect(name).toMatch(/^Main-L+-[A-Z0-9]{12}\.fifo$/);
    expect(name).toHaveLength(80);
  });

  test.each<[string, { [name: string]: unknown }, { [name: string]: unknown }]>([
    ['AWS::Lambda::Function', {}, { Ref: /^Main-Thing1234-\w{12}$/, Arn: /^arn:aws:lambda:eu-west-1:000000000000:function:Main-Thing1234-\w{12}$/ }],
    ['AWS::Lambda::Alias', { FunctionName: { Ref: 'Func' }, Name: 'live' }, { Ref: /^arn:aws:lambda:.*:function:Main-Func-\w{12}:live$/ }],
    ['AWS::Lambda::Version', { FunctionName: { 'Fn::GetAtt': ['Func', 'Arn'] } }, { Ref: /^arn:aws:lambda:.*:function:Main-Func-\w{12}:1$/, Version: '1' }],
    ['AWS::Lambda::EventSourceMapping', {}, { Ref: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/ }],
    ['AWS::SecretsManager::Secret', {}, { Ref: /^arn:aws:secretsmanager:eu-west-1:000000000000:secret:Thing1234-\w{12}-abcdef$/ }],
    ['AWS::SecretsManager::Secret', { Name: 'hooks/github' }, { Ref: /secret:hooks\/github-abcdef$/, Id: /secret:hooks\/github-abcdef$/ }],
    ['AWS::ApiGatewayV2::Api', {}, { Ref: /^[a-z0-9]{10}$/, ApiEndpoint: /^https:\/\/[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com$/ }],
    ['AWS::ApiGatewayV2::DomainName', { DomainName: 'a.example.com' }, {
      Ref: 'a.example.com', RegionalDomainName: /^d-[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com$/, RegionalHostedZoneId: /^Z[A-Z0-9]{13}$/,
    }],
    ['AWS::IAM::Role', {}, { Ref: /^Main-Thing1234-\w{12}$/, Arn: /^arn:aws:iam::000000000000:role\/Main-Thing1234-/ }],
    ['AWS::Logs::LogGroup', {}, { Arn: /^arn:aws:logs:eu-west-1:000000000000:log-group:Main-Thing1234-\w{12}:\*$/ }],
    ['AWS::SNS::Topic', {}, { Ref: /^arn:aws:sns:eu-west-1:000000000000:Main-Thing1234-/ }],
    ['AWS::S3::Bucket', {}, { Ref: /^main-thing1234-[a-z0-9]{12}$/, Arn: /^arn:aws:s3:::main-thing1234-/ }],
    ['AWS::DynamoDB::Table', { TableName: 'events' }, { Ref: 'events', Arn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/events' }],
    ['Custom::Thing', {}, { Ref: /^Main-Thing1234-\w{12}$/ }],
  ])('of %s %j', (type, properties, expected) => {
    const attributes = Object.keys(expected).filter((name) => name !== 'Ref');
    const actual = told({ Type: type, Properties: properties }, ...attributes);
    for (const [name, value] of Object.entries(expected)) {
      expect(actual[name]).toEqual(value instanceof RegExp ? expect.stringMatching(value) : value);
    }
  });

  test('fails when an attribute is asked for that cannot be told, and names the resource', () => {
    expect(() => told({ Type: 'AWS::RDS::DBInstance' }, 'Endpoint.Address')).toThrow(/"Thing1234","Endpoint.Address".* at Outputs\/Endpoint.Address\/Value of stack "Main": .*AWS::RDS::DBInstance/);
  });
});

describe('references', () => {
  test.each<[string, unknown]>([
    ['AWS::AccountId', '000000000000'], ['AWS::Region', 'eu-west-1'], ['AWS::Partition', 'aws'], ['AWS::URLSuffix', 'amazonaws.com'], ['AWS::StackName', 'Main'],
    ['AWS::StackId', expect.stringMatching(/^arn:aws:cloudformation:eu-west-1:000000000000:stack\/Main\/[0-9a-f-]{36}$/)], ['AWS::NoValue', undefined],
  ])('%s', (name, expected) => {
    expect(stackOf({}).resolve({ Ref: name }, 'Outputs/X')).toEqual(expected);
  });

  test('a parameter has its default; a list is one', () => {
    const stack = stackOf({ Parameters: {
      BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
      Zones: { Type: 'CommaDelimitedList', Default: 'a,b' },
      Empty: { Type: 'String', Default: '' },
    } });
    expect(stack.resolve([{ Ref: 'BootstrapVersion' }, { Ref: 'Zones' }, { Ref: 'Empty' }], 'X')).toEqual(['/cdk-bootstrap/hnb659fds/version', ['a', 'b'], '']);
  });

  test('fails when a parameter has no value', () => {
    expect(() => stackOf({ Parameters: { P: { Type: 'String' } } }).resolve({ Ref: 'P' }, 'Outputs/X')).toThrow(/"Ref":"P".* at Outputs\/X .*no default/);
  });

  test('a mapping gives its entry', () => {
    const stack = stackOf({ Mappings: { M: { 'eu-west-1': { k: 'v' } } } });
    expect(stack.resolve({ 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'k'] }, 'X')).toBe('v');
    expect(() => stack.resolve({ 'Fn::FindInMap': ['M', 'us-east-1', 'k'] }, 'X')).toThrow(/no such entry/);
  });

  test('fails when resources need each other for their names', () => {
    const stack = stackOf({ Resources: { A: queue({ QueueName: { Ref: 'B' } }), B: queue({ QueueName: { Ref: 'A' } }) } });
    expect(() => stack.identity('A')).toThrow(/refers to itself/);
  });

  test('tell which resources a property names', () => {
    const stack = stackOf({ Resources: {
      Table: { Type: 'AWS::DynamoDB::Table' }, Queue: queue(),
      F: { Type: 'AWS::Lambda::Function', Properties: { Environment: { T: { Ref: 'Table' }, Q: { 'Fn::Sub': '${Queue.Arn}' }, R: { Ref: 'AWS::Region' } } } },
    } });
    const named: string[] = [];
    stack.property('F', 'Environment', ({ logicalId, type }) => named.push(`${logicalId} ${type}`));
    expect(named).toEqual(['Table AWS::DynamoDB::Table', 'Queue AWS::SQS::Queue']);
  });
});

describe('conditions', () => {
  const template = (region: string): Template => ({
    Conditions: { Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, region] } },
    Resources: { Q: { ...queue(), Condition: 'Here' }, F: { Type: 'AWS::Lambda::Function', Properties: { Url: { 'Fn::If': ['Here', { Ref: 'Q' }, 'none'] } } } },
    Outputs: { Url: { Value: { Ref: 'Q' }, Condition: 'Here' } },
  });

  test('that hold let resources and outputs be', () => {
    const stack = stackOf(template('eu-west-1'));
    expect(stack.resources('AWS::SQS::Queue')).toHaveLength(1);
    expect(stack.property('F', 'Url')).toContain('/Main-Q-');
    expect(stack.outputs(fail).map(({ key }) => key)).toEqual(['Url']);
  });

  test('that do not hold leave them out', () => {
    const stack = stackOf(template('us-east-1'));
    expect(stack.resources('AWS::SQS::Queue')).toEqual([]);
    expect(stack.property('F', 'Url')).toBe('none');
    expect(stack.outputs(fail)).toEqual([]);
    expect(() => stack.resolve({ Ref: 'Q' }, 'X')).toThrow(/condition of the resource "Q" does not hold/);
  });

  test('fails when one is not there', () => {
    expect(() => stackOf({ Resources: { Q: { ...queue(), Condition: 'Gone' } } }).resources()).toThrow(/"Main" has no condition "Gone"/);
  });
});

describe('several stacks', () => {
  const exporter: Template = { Resources: { Q: queue() }, Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Q', 'Arn'] }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Arn' } } } } };

  test('import each other\'s exports, whatever their order', () => {
    const importer: Template = { Outputs: { X: { Value: { 'Fn::ImportValue': 'One:Arn' } }, Y: { Value: { 'Fn::GetStackOutput': { StackName: 'One', OutputName: 'Arn' } } } } };
    const [two, one] = deploy({ Two: { template: importer }, One: { template: exporter } }).stacks as [DeployedStack, DeployedStack];
    expect([two.output('X'), two.output('Y')]).toEqual([one.output('Arn'), one.output('Arn')]);
    expect(one.outputs(fail)).toEqual([expect.objectContaining({ key: 'Arn', exportName: 'One:Arn' })]);
  });

  test('fails when there is no such export', () => {
    const stack = stackOf({ Outputs: { X: { Value: { 'Fn::ImportValue': 'gone' } } } });
    expect(() => stack.output('X')).toThrow(/at Outputs\/X\/Value of stack "Main": no stack of the assembly exports "gone"/);
    const errors: string[] = [];
    expect(stack.outputs(({ code }) => errors.push(code))).toEqual([]);
    expect(errors).toEqual(['unresolvable']);
  });

  test('nest: parameters go down, outputs come up, between siblings too', () => {
    const folder = temporaryFolder();
    const nested = (parameters: object, file: string) => ({
      Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: parameters, TemplateURL: { 'Fn::Sub': `https://s3.\${AWS::Region}.\${AWS::URLSuffix}/b/${file}.json` } },
    });
    writeJson(folder, 'child.json', {
      Parameters: { Up: { Type: 'String' } }, Resources: { Q: queue() },
      Outputs: { Name: { Value: { 'Fn::GetAtt': ['Q', 'QueueName'] } }, Given: { Value: { Ref: 'Up' } } },
    });
    const file = { source: { path: 'child.json', packaging: 'file' }, destinations: { here: { bucketName: 'b', objectKey: 'hash.json' } } };
    writeAssembly({ Main: { files: { file }, template: {
      Resources: {
        One: nested({ Up: { 'Fn::GetAtt': ['Two', 'Outputs.Name'] } }, 'hash'), Two: nested({ Up: 'top' }, 'hash'),
      },
      Outputs: { Given: { Value: { 'Fn::GetAtt': ['One', 'Outputs.Given'] } }, Id: { Value: { Ref: 'One' } } },
    } } }, folder);
    const { stacks: [main, one, two] } = new Deployment(readAssembly(folder), environment);
    expect(main!.output('Given')).toBe(two!.output('Name'));
    expect(two!.output('Name')).toMatch(/^Main-Two-\w{12}-Q-\w{12}$/);
    expect(main!.output('Id')).toBe(one!.id);
    expect(one!.id).toMatch(/:stack\/Main-One-\w{12}\//);
  });

  test('fails when the template of a nested stack is not in the assembly', () => {
    expect(() => stackOf({ Resources: { N: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://x/y.json' } } } }))
      .toThrow(expect.objectContaining({ code: 'asset-missing', message: expect.stringMatching(/"N".*"https:\/\/x\/y.json"/) }));
  });
});

function fail(error: Error): never {
  throw error;
}
