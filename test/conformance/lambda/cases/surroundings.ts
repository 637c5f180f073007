import { body, payload, type Case } from './case';

export const SURROUNDINGS: readonly Case[] = [
  {
    what: 'the context',
    code: body(`
      const { logStreamName, xRayTraceId, ...rest } = context;
      return { names: Object.keys(context), frozen: Object.isFrozen(context), ...rest };`),
    says: [payload({
      names: ['clientContext', 'identity', 'invokedFunctionArn', 'awsRequestId', 'tenantId', 'xRayTraceId', 'getRemainingTimeInMillis',
        'functionName', 'functionVersion', 'memoryLimitInMB', 'logGroupName', 'logStreamName'],
      frozen: false,
      awsRequestId: 'REQUEST-ID', invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:greeter', functionName: 'greeter',
      functionVersion: '$LATEST', memoryLimitInMB: '128', logGroupName: '/aws/lambda/greeter',
    })],
  },
  {
    what: 'the deadline, which passes',
    code: body(`
      const left = context.getRemainingTimeInMillis();
      await new Promise((resolve) => setTimeout(resolve, 100));
      const passed = left - context.getRemainingTimeInMillis();
      return [left > 4_000 && left <= 5_000, passed >= 99 && passed < 1_000];`),
    says: [payload([true, true])],
  },
  {
    what: 'the trace id, another for each invocation',
    code: `const seen = new Set(); ${body(`
      const { xRayTraceId } = context;
      seen.add(xRayTraceId);
      const regular = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/.test(xRayTraceId);
      return [regular, process.env._X_AMZN_TRACE_ID === xRayTraceId, seen.size];`)}`,
    events: [1, 2],
    says: [payload([true, true, 1]), payload([true, true, 2])],
  },
  {
    what: 'the names of the variables',
    code: body('return Object.keys(process.env).sort();'),
    says: [payload(expect.arrayContaining(['AWS_LAMBDA_RUNTIME_API', '_HANDLER', '_X_AMZN_TRACE_ID']))],
  },
  {
    what: 'no variable of tracing at import',
    code: `const atImport = typeof process.env._X_AMZN_TRACE_ID; ${body('return atImport;')}`,
    says: [payload('undefined')],
  },
  {
    what: 'the garbage collector, the folder and the time zone',
    code: body('gc(); return [process.cwd(), new Date(0).getTimezoneOffset()];'),
    says: [payload(['CODE', 0])],
  },
  {
    what: 'listeners of the process',
    code: body('return ["uncaughtException", "unhandledRejection", "beforeExit", "exit", "SIGTERM"].map((name) => process.listenerCount(name));'),
    says: [payload([0, 0, 0, 0, 0])],
  },
  {
    what: 'what is kept',
    code: body(`
      process.env.KEPT = (process.env.KEPT ?? "") + "x";
      globalThis.kept = (globalThis.kept ?? 0) + 1;
      return [process.env.KEPT, globalThis.kept, calls];`),
    events: [1, 2],
    says: [payload(['x', 1, 1]), payload(['xx', 2, 2])],
  },
];
