import type { Output } from './assembly/deployed-stack';
import type { Template } from './assembly/template';
import { AwsError } from './aws-service';
import type { FormService } from './service-endpoint';
import { element, escape } from './xml';

/** A stack as CloudFormation tells of it. */
export interface DescribedStack {
  readonly name: string;
  /** The stack's ARN. */
  readonly id: string;
  readonly template: Template;
  readonly createdAt: number;
  readonly outputs: readonly Output[];
  readonly resources: readonly { readonly logicalId: string; readonly physicalId: string; readonly type: string }[];
}

type Parameters = { readonly [name: string]: string };

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';
const STATUS = 'CREATE_COMPLETE';

/** What of CloudFormation a command needs to find the parts of a gateway. It speaks the query protocol: a form in, XML out. */
export class CloudFormation implements FormService {
  readonly version = '2010-05-15';
  private readonly actions: { readonly [action: string]: (parameters: Parameters) => string } = {
    DescribeStacks: (parameters) => this.describeStacks(parameters),
    GetTemplate: (parameters) => this.getTemplate(parameters),
    ListStackResources: (parameters) => this.listStackResources(parameters),
  };

  constructor(private readonly stacks: readonly DescribedStack[]) {}

  /** The XML of the answer. Throws `AwsError`. */
  call(action: string, parameters: Parameters, requestId: string): string {
    const run = Object.hasOwn(this.actions, action) ? this.actions[action] : undefined;
    if (!run) throw new AwsError('InvalidAction', `a local run has no action ${JSON.stringify(action)} of CloudFormation`);
    return `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${run(parameters)}</${action}Result>`
      + `<ResponseMetadata>${element('RequestId', requestId)}</ResponseMetadata></${action}Response>`;
  }

  private describeStacks({ StackName: name }: Parameters): string {
    const stacks = name === undefined ? this.stacks : [this.find(name)];
    return list('Stacks', stacks.map((stack) => element('StackName', stack.name) + element('StackId', stack.id)
      + element('CreationTime', iso(stack)) + element('StackStatus', STATUS)
      + list('Outputs', stack.outputs.map(({ key, value, description, exportName }) => element('OutputKey', key) + element('OutputValue', value)
        + element('Description', description) + element('ExportName', exportName)))));
  }

  private getTemplate({ StackName: name }: Parameters): string {
    return element('TemplateBody', JSON.stringify(this.find(name).template, null, 1)) + list('StagesAvailable', ['Original', 'Processed'].map(escape));
  }

  private listStackResources({ StackName: name }: Parameters): string {
    const stack = this.find(name);
    return list('StackResourceSummaries', stack.resources.map(({ logicalId, physicalId, type }) => element('LogicalResourceId', logicalId)
      + element('PhysicalResourceId', physicalId) + element('ResourceType', type) + element('LastUpdatedTimestamp', iso(stack))
      + element('ResourceStatus', STATUS)));
  }

  /** By name or by ARN. */
  private find(nameOrId = ''): DescribedStack {
    const stack = this.stacks.find(({ name, id }) => name === nameOrId || id === nameOrId);
    if (!stack) throw new AwsError('ValidationError', `Stack with id ${nameOrId} does not exist`);
    return stack;
  }
}

/** An error as the query protocol tells it. */
export function errorXml(error: AwsError, requestId: string): string {
  return `<ErrorResponse xmlns="${NAMESPACE}"><Error>${element('Type', error.status < 500 ? 'Sender' : 'Receiver')}`
    + `${element('Code', error.name)}${element('Message', error.message)}</Error>${element('RequestId', requestId)}</ErrorResponse>`;
}

function iso({ createdAt }: DescribedStack): string {
  return new Date(createdAt).toISOString();
}

function list(name: string, members: readonly string[]): string {
  return `<${name}>${members.map((member) => `<member>${member}</member>`).join('')}</${name}>`;
}
