import { describe } from '../../shared/log';
import { readJson } from '../format/read-json';
import { compileTemplate, type Template, type TemplateInput } from './template';
import { failing, type Content, type Transform } from './transform';

/** Sends the filled template as JSON. */
export function templateTransform(template: unknown): Transform {
  let fill: Template;
  try {
    fill = compileTemplate(template);
  } catch (error) {
    return failing(describe(error));
  }
  return (content) => {
    try {
      const body = JSON.stringify(fill(inputOf(content))) as string | undefined;
      if (body === undefined) return { kind: 'failed', detail: 'the template is one place, and the event has nothing there' };
      const { 'content-encoding': _old, ...headers } = content.headers;
      return { kind: 'event', content: { ...content, body: Buffer.from(body, 'utf8'), headers: { ...headers, 'content-type': 'application/json' } } };
    } catch (error) {
      return { kind: 'failed', detail: `the template could not be filled: ${describe(error)}` };
    }
  };
}

function inputOf({ body, headers, id, source, type, time, providerId }: Content): TemplateInput {
  let parsed: { readonly value: unknown } | undefined;
  return {
    // Places that hold nothing are left out; in a body that is not JSON at all that would be all of them.
    get body() { return (parsed ??= { value: parse(body) }).value; },
    headers,
    metadata: { id, source, type, time, ...(providerId !== undefined && { providerId }) },
  };
}

function parse(body: Uint8Array): unknown {
  const json = readJson(body);
  if (json === undefined) throw new Error('the body is not JSON');
  return json.value;
}
