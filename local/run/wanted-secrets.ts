import type { Resource } from '../assembly/deployed-stack';
import type { Deployment } from '../assembly/deployment';
import { parameterArn } from '../parameter-store';
import { secretArn } from '../secrets-manager';
import { ALPHANUMERIC, stableId } from '../stable-id';
import type { SecretPart, VerificationPart } from '../../lib/contract/parts';
import type { FunctionPlan } from './functions';
import type { Gateway } from './gateways';
import { namedParameters } from './named-parameters';
import type { Place } from './place';

/** A secret that something in the assembly names. */
export interface WantedSecret {
  readonly name: string;
  readonly arn: string;
  /** Absent: Secrets Manager. */
  readonly service?: SecretPart['service'];
  /** Other names that a person may know it by: its logical id, the ARN it was imported with. */
  readonly aliases: string[];
  /** The value that the template has. */
  readonly literal?: string;
  readonly generate?: GenerateSecretString;
  /** How the whole text becomes a key, where a gateway says so. */
  key?: string;
  /** The same for each field that is read of a JSON object. */
  readonly fields: Map<string, string>;
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html */
export interface GenerateSecretString {
  readonly SecretStringTemplate?: string;
  readonly GenerateStringKey?: string;
  readonly PasswordLength?: number | string;
  readonly ExcludeCharacters?: string;
  readonly ExcludeLowercase?: boolean | string;
  readonly ExcludeUppercase?: boolean | string;
  readonly ExcludeNumbers?: boolean | string;
}

const SECRET_ARN = /arn:[\w-]+:secretsmanager:[\w-]*:\d*:secret:[\w/+=.@-]+/g;

/**
 * Every secret that the templates make, that a gateway's metadata names, or whose ARN is in a function's variables:
 * an ARN put together in the template is in no metadata. And every parameter that a function's file names.
 */
export function wantedSecrets(
  deployment: Deployment, gateways: readonly Gateway[], functions: readonly FunctionPlan[], place: Place,
): WantedSecret[] {
  const wanted = deployment.resources('AWS::SecretsManager::Secret').map(madeByTemplate);
  const want = (id: string, service?: SecretPart['service']): WantedSecret => {
    const known = wanted.find((secret) => secret.service === service && isNamed(secret, id));
    if (known) return known;
    const secret = service ? parameter(id, place) : imported(id, place);
    wanted.push(secret);
    return secret;
  };
  for (const { stack, parts } of gateways) {
    for (const part of secretParts(parts)) {
      const id = part.logicalId === undefined ? part.id : stack.identity(part.logicalId).ref;
      if (id !== undefined) addUse(want(id, part.service), part);
    }
  }
  const texts = functions.flatMap(({ definition }) => Object.values(definition.environment));
  for (const [arn] of texts.flatMap((text) => [...text.matchAll(SECRET_ARN)])) want(arn);
  for (const name of functions.flatMap(({ definition }) => namedParameters(definition))) want(name, 'ssm');
  return wanted;
}

function madeByTemplate({ stack, logicalId }: Resource): WantedSecret {
  const arn = stack.identity(logicalId).ref;
  return {
    name: nameInArn(arn), arn, aliases: [logicalId], fields: new Map(),
    literal: stack.property(logicalId, 'SecretString') as string | undefined,
    generate: stack.property(logicalId, 'GenerateSecretString') as GenerateSecretString | undefined,
  };
}

/** A secret that exists on AWS, by its name, its ARN, or its ARN without the last six letters. */
function imported(id: string, place: Place): WantedSecret {
  if (!id.startsWith('arn:')) return { name: id, arn: secretArn(place, id), aliases: [], fields: new Map() };
  const last = id.slice(id.indexOf(':secret:') + ':secret:'.length);
  // AWS itself takes a hyphen and six letters at the end for its own, whoever wrote them.
  const arn = /-[A-Za-z0-9]{6}$/.test(id) ? id : `${id}-${stableId(last, 6, ALPHANUMERIC)}`;
  return { name: nameInArn(arn), arn, aliases: [id, last], fields: new Map() };
}

function parameter(name: string, place: Place): WantedSecret {
  return { name, arn: parameterArn(place, name), service: 'ssm', aliases: [], fields: new Map() };
}

function isNamed({ name, arn }: WantedSecret, id: string): boolean {
  return id === name || id === arn || id === arn.slice(0, -'-abcdef'.length);
}

function nameInArn(arn: string): string {
  return arn.slice(arn.indexOf(':secret:') + ':secret:'.length, -'-abcdef'.length);
}

function secretParts({ sources, targets }: Gateway['parts']): SecretPart[] {
  return [
    ...Object.values(sources).flatMap(({ verifications }) => verifications).flatMap(verificationSecrets),
    ...Object.values(targets).flatMap(({ signingSecret }) => signingSecret ?? []),
  ];
}

/** Schemes whose secret is two texts with a colon between them. */
const PAIRED_MODULES = new Set(['braintree', 'livekit', 'pusher']);

function verificationSecrets({ scheme, secret, username, verifyToken }: VerificationPart): SecretPart[] {
  const paired = scheme.kind === 'code' ? PAIRED_MODULES.has(scheme.module) : scheme.kind === 'basic' && username === undefined;
  return [secret && paired ? { ...secret, key: 'pair' } : secret, verifyToken].filter((part) => part !== undefined);
}

function addUse(secret: WantedSecret, { field, key }: SecretPart): void {
  if (field === undefined) secret.key = key;
  else secret.fields.set(field, key);
}
