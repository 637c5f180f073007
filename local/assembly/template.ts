/** What a local run reads of a CloudFormation template. Everything below `unknown` may hold intrinsic functions. */
export interface Template {
  readonly Metadata?: { readonly [key: string]: unknown };
  readonly Parameters?: { readonly [logicalId: string]: TemplateParameter };
  readonly Mappings?: { readonly [name: string]: { readonly [top: string]: { readonly [second: string]: unknown } } };
  readonly Conditions?: { readonly [name: string]: unknown };
  readonly Resources?: { readonly [logicalId: string]: TemplateResource };
  readonly Outputs?: { readonly [logicalId: string]: TemplateOutput };
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: unknown;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: { readonly [name: string]: unknown };
}

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}
