import { LocalRunError } from '../local-run-error';
import { stableUuid } from '../stable-id';
import type { FileAssets } from './assets';
import { resolve, NO_VALUE } from './intrinsics';
import { generated, identify, type PhysicalResource } from './physical-ids';
import { readJson } from './read-json';
import type { RunEnvironment } from './run-environment';
import { stackScope } from './stack-scope';
import type { Template, TemplateResource } from './template';

export interface StackDefinition {
  readonly name: string;
  /** How a person knows the stack: `Prod/Webhooks` for one inside a stage. */
  readonly displayName: string;
  readonly templateFile: string;
  readonly assets: FileAssets;
  /** The value that a parameter is given, or undefined for its default. */
  parameter(name: string, onReference?: OnReference): unknown;
}

/** What a stack needs of the others. Both throw when there is no such thing. */
export interface StackNeighbours {
  importValue(exportName: string, onReference?: OnReference): string;
  output(stackName: string, outputKey: string, onReference?: OnReference): string;
}

/** A resource of a template whose condition holds. */
export interface Resource {
  readonly stack: DeployedStack;
  readonly logicalId: string;
  readonly type: string;
}

export interface Output {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** Hears of every resource that a resolved value names, in whatever stack. */
export type OnReference = (resource: Resource) => void;

/** One stack of a local run: its template, read as a deployment would. Nothing is resolved before it is asked for. */
export class DeployedStack {
  readonly template: Template;
  /** The stack's ARN. */
  readonly id: string;
  /** Nested stacks by logical id. */
  readonly nested: ReadonlyMap<string, DeployedStack>;
  private readonly identities = new Map<string, PhysicalResource>();
  private readonly underWay = new Set<string>();

  constructor(
    readonly definition: StackDefinition,
    private readonly environment: RunEnvironment,
    private readonly neighbours: StackNeighbours,
  ) {
    this.template = readJson(definition.templateFile) as Template;
    const { partition, region, account } = environment;
    this.id = `arn:${partition}:cloudformation:${region}:${account}:stack/${this.name}/${stableUuid(this.name)}`;
    this.nested = new Map(this.resources('AWS::CloudFormation::Stack').map(({ logicalId }) => [logicalId, this.nestedStack(logicalId)]));
  }

  get name(): string {
    return this.definition.name;
  }

  /** This stack and all that are nested in it. */
  family(): DeployedStack[] {
    return [this, ...[...this.nested.values()].flatMap((stack) => stack.family())];
  }

  resources(type?: string): Resource[] {
    return Object.entries(this.template.Resources ?? {})
      .filter(([, resource]) => (type === undefined || resource.Type === type) && this.holds(resource.Condition))
      .map(([logicalId, resource]) => ({ stack: this, logicalId, type: resource.Type }));
  }

  resolve(value: unknown, path: string, onReference?: OnReference): unknown {
    const resolved = resolve(value, stackScope(this, this.environment, this.neighbours, onReference), path);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  /** One property of a resource, with intrinsic functions carried out. */
  property(logicalId: string, name: string, onReference?: OnReference): unknown {
    return this.resolve(this.resource(logicalId).Properties?.[name], `Resources/${logicalId}/Properties/${name}`, onReference);
  }

  resource(logicalId: string): TemplateResource {
    const resource = this.template.Resources?.[logicalId];
    if (!resource) throw new Error(`the template has no resource ${JSON.stringify(logicalId)}`);
    if (!this.holds(resource.Condition)) throw new Error(`the condition of the resource ${JSON.stringify(logicalId)} does not hold`);
    return resource;
  }

  /** What `Ref` and `Fn::GetAtt` of a resource give. */
  identity(logicalId: string): PhysicalResource {
    const known = this.identities.get(logicalId);
    if (known) return known;
    const identity = this.once(logicalId, () => this.identify(logicalId));
    this.identities.set(logicalId, identity);
    return identity;
  }

  condition(name: string): boolean {
    const condition = this.template.Conditions?.[name];
    if (condition === undefined) {
      throw new LocalRunError('assembly-invalid', `the template of stack ${JSON.stringify(this.name)} has no condition ${JSON.stringify(name)}`);
    }
    return this.once(`the condition ${name}`, () => this.resolve(condition, `Conditions/${name}`) === true);
  }

  output(key: string, onReference?: OnReference): string {
    const output = this.template.Outputs?.[key];
    if (!output || !this.holds(output.Condition)) throw new Error(`the stack ${JSON.stringify(this.name)} has no output ${JSON.stringify(key)}`);
    return this.once(`the output ${key}`, () => String(this.resolve(output.Value, `Outputs/${key}/Value`, onReference)));
  }

  exportName(outputKey: string): string | undefined {
    const output = this.template.Outputs?.[outputKey];
    if (!output?.Export || !this.holds(output.Condition)) return undefined;
    return String(this.resolve(output.Export.Name, `Outputs/${outputKey}/Export/Name`));
  }

  outputKeys(): string[] {
    return Object.entries(this.template.Outputs ?? {}).filter(([, output]) => this.holds(output.Condition)).map(([key]) => key);
  }

  /** All outputs. One that cannot be resolved is left out and handed to `onError`. */
  outputs(onError: (error: LocalRunError) => void): Output[] {
    return this.outputKeys().flatMap((key) => {
      try {
        return [{ key, value: this.output(key), description: this.template.Outputs?.[key]?.Description, exportName: this.exportName(key) }];
      } catch (error) {
        if (!(error instanceof LocalRunError)) throw error;
        onError(error);
        return [];
      }
    });
  }

  private holds(condition: string | undefined): boolean {
    return condition === undefined || this.condition(condition);
  }

  private identify(logicalId: string): PhysicalResource {
    const nested = this.nested.get(logicalId);
    if (nested) return { ref: nested.id, attributes: {} };
    const { Type: type } = this.resource(logicalId);
    return identify({ stackName: this.name, logicalId, type, property: (name) => this.property(logicalId, name) }, this.environment);
  }

  private nestedStack(logicalId: string): DeployedStack {
    const name = generated({ stackName: this.name, logicalId }, 128);
    const url = String(this.property(logicalId, 'TemplateURL'));
    const template = [...this.definition.assets].find(([objectKey]) => url.endsWith(`/${objectKey}`))?.[1];
    if (!template) {
      throw new LocalRunError('asset-missing', `the template of the nested stack ${JSON.stringify(logicalId)} of stack ${JSON.stringify(this.name)}, `
        + `${JSON.stringify(url)}, is no asset of its stack: a local run takes templates from the cloud assembly only`);
    }
    return new DeployedStack({
      name,
      displayName: `${this.definition.displayName}/${logicalId}`,
      templateFile: template.path,
      assets: this.definition.assets,
      // Resolved when it is asked for, since it may come from another nested stack.
      parameter: (parameter, onReference) => {
        const given = this.resource(logicalId).Properties?.Parameters as { [name: string]: unknown } | undefined;
        return this.resolve(given?.[parameter], `Resources/${logicalId}/Properties/Parameters/${parameter}`, onReference);
      },
    }, this.environment, this.neighbours);
  }

  /** Guards against a definition that needs itself, which would never end. */
  private once<T>(what: string, work: () => T): T {
    if (this.underWay.has(what)) throw new Error(`${what} refers to itself`);
    this.underWay.add(what);
    try {
      return work();
    } finally {
      this.underWay.delete(what);
    }
  }
}
