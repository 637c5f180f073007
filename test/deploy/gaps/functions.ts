import type { Area } from './probe';
import { MEMORY_MB, TIMEOUT_SECONDS } from './template';

const GUIDE = 'https://docs.aws.amazon.com/lambda/latest/dg';
const CONTEXT = `${GUIDE}/nodejs-context.html`;
const VARIABLES = ['_HANDLER', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_RUNTIME_API', 'AWS_LAMBDA_LOG_GROUP_NAME', 'AWS_LAMBDA_INITIALIZATION_TYPE'];

export const FUNCTIONS: Area = {
  name: 'Functions',
  probes: [
    {
      what: "the context's `functionName`, `invokedFunctionArn` and `memoryLimitInMB`",
      aws: "are the function's",
      page: CONTEXT,
      look: async (lab) => {
        const { context } = await lab.echo();
        const wrong = [
          context.functionName !== lab.physicalId('Function') && '`functionName`',
          context.invokedFunctionArn !== lab.output('FunctionArn') && '`invokedFunctionArn`',
          context.memoryLimitInMB !== String(MEMORY_MB) && '`memoryLimitInMB`',
        ].filter(Boolean);
        return wrong.length === 0 || `are not: ${wrong.join(', ')}`;
      },
    },
    {
      what: '`getRemainingTimeInMillis()`',
      aws: "is less than the function's timeout",
      page: CONTEXT,
      look: async (lab) => {
        const { remaining } = (await lab.echo()).context;
        return (Number(remaining) > 0 && Number(remaining) <= TIMEOUT_SECONDS * 1_000) || 'is not';
      },
    },
    {
      what: `the variables ${VARIABLES.map((name) => `\`${name}\``).join(', ')}`,
      aws: 'are set',
      page: `${GUIDE}/configuration-envvars.html#configuration-envvars-runtime`,
      look: async (lab) => {
        const { environment } = await lab.echo();
        const missing = VARIABLES.filter((name) => environment[name] === undefined);
        return missing.length === 0 || (missing.length === VARIABLES.length ? 'are not' : `are not all: ${missing.join(', ')}`);
      },
    },
    {
      what: 'the Node.js of a function',
      aws: "is its runtime's, whatever else is installed",
      page: `${GUIDE}/lambda-nodejs.html`,
      look: async (lab) => (await lab.echo()).execPath.startsWith('/var/lang/') || 'is the first on the `PATH` of the emulator',
    },
    {
      what: 'a function that throws',
      aws: 'is answered with `errorType`, `errorMessage` and `trace`, under `X-Amz-Function-Error: Unhandled`',
      page: `${GUIDE}/nodejs-exceptions.html`,
      look: async (lab) => {
        const { headers, text } = await lab.invoke('Function', { do: 'throw' });
        const { errorType, errorMessage, trace } = JSON.parse(text) as { errorType?: string; errorMessage?: string; trace?: unknown };
        const wrong = [
          headers['x-amz-function-error'] !== 'Unhandled' && 'no such header',
          errorType !== 'TypeError' && `\`errorType\` is ${JSON.stringify(errorType)}`,
          errorMessage !== 'thrown by a probe' && '`errorMessage` is another',
          !Array.isArray(trace) && '`trace` is no list',
        ].filter(Boolean);
        return wrong.length === 0 || `differs: ${wrong.join(', ')}`;
      },
    },
    {
      what: 'a function that takes longer than its timeout',
      aws: 'is ended with `Sandbox.Timedout`',
      page: `${GUIDE}/troubleshooting-invocation.html#troubleshooting-timeouts`,
      look: async (lab) => {
        const { text } = await lab.invoke('ShortFunction', { do: 'sleep' });
        const { errorType, errorMessage = '' } = JSON.parse(text) as { errorType?: string; errorMessage?: string };
        if (!/Task timed out after 1\.00 seconds/.test(errorMessage)) return 'is not ended';
        return errorType === 'Sandbox.Timedout' || `is ended with ${JSON.stringify(errorType)}`;
      },
    },
    {
      what: 'what a function writes to stdout',
      aws: 'is in its log group',
      page: `${GUIDE}/monitoring-cloudwatchlogs.html`,
      look: async (lab) => {
        await lab.invoke('Function', { do: 'something' });
        return await lab.hasLogLine('Logs', 'said by a probe: something') || 'is not';
      },
    },
    {
      what: 'a line in the embedded metric format',
      aws: 'is a metric of CloudWatch',
      page: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html',
      look: async (lab) => {
        await lab.invoke('Function', { do: 'measure' });
        return await lab.hasMetric('Probes', 'Seen') || 'is a log line only';
      },
    },
  ],
};
