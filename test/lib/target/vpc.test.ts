import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { IVpc, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { HttpTargetOptions, WebhookGateway, WebhookTarget } from '../../../lib';
import { gateway, resource, statements, valid } from '../fixture';

function synth(options: (vpc: IVpc, stack: Stack) => HttpTargetOptions): Template {
  const stack = new Stack(new App(), 'Own');
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
  const billing = WebhookTarget.http('https://billing.internal.example.com', options(vpc, stack));
  new WebhookGateway(stack, 'Hooks', { ...valid(), targets: { billing } });
  return Template.fromStack(stack);
}

const vpcConfig = (source: Template) => resource(source, 'AWS::Lambda::Function', 'HooksTargets').properties.VpcConfig;
const subnets = (source: Template, kind: string) => Object.keys(source.findResources('AWS::EC2::Subnet')).filter((id) => id.includes(kind)).map((Ref) => ({ Ref }));

test('the function is in the private subnets, with a security group of its own', () => {
  const source = synth((vpc) => ({ vpc }));
  expect(vpcConfig(source)).toEqual({
    SubnetIds: subnets(source, 'Private'),
    SecurityGroupIds: [{ 'Fn::GetAtt': [resource(source, 'AWS::EC2::SecurityGroup', 'HooksTargetsbilling').id, 'GroupId'] }],
  });
});

test('subnets and security groups may be chosen', () => {
  const source = synth((vpc, stack) => ({
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS, availabilityZones: [vpc.availabilityZones[0] as string] },
    securityGroups: [new SecurityGroup(stack, 'Group', { vpc })],
  }));
  expect(vpcConfig(source).SubnetIds).toEqual(subnets(source, 'Private').slice(0, 1));
  expect(vpcConfig(source).SecurityGroupIds).toEqual([{ 'Fn::GetAtt': [resource(source, 'AWS::EC2::SecurityGroup', 'Group').id, 'GroupId'] }]);
});

test('the role may do what Lambda needs in a VPC, and only where there is one', () => {
  const actions = 'ec2:AssignPrivateIpAddresses ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:DescribeNetworkInterfaces ec2:DescribeSubnets '
    + 'ec2:UnassignPrivateIpAddresses';
  expect(statements(synth((vpc) => ({ vpc })), 'HooksTargetsbillingRole')).toHaveProperty([actions], { Resource: '*' });
  expect(statements(synth(() => ({})), 'HooksTargetsbillingRole')).not.toHaveProperty([actions]);
  expect(vpcConfig(synth(() => ({})))).toBeUndefined();
});

test('the ingest function and the keeper stay outside', () => {
  const source = synth((vpc) => ({ vpc }));
  for (const prefix of ['HooksIngest', 'HooksKeeper']) {
    expect(resource(source, 'AWS::Lambda::Function', prefix).properties).not.toHaveProperty('VpcConfig');
  }
});

test.each<[string, HttpTargetOptions]>([
  ['vpcSubnets', { vpcSubnets: { onePerAz: true } }],
  ['securityGroups', { securityGroups: [] }],
])('fails when there are %s but no VPC', (name, options) => {
  expect(() => gateway().addTarget('extra', WebhookTarget.http('https://extra.example.com', options)))
    .toThrow(`target "extra" has ${name} but no vpc: set \`vpc\` too, or leave them out`);
});
