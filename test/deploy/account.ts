/** Where the API of AWS is, and as whom to call it. */
export interface Account {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
}

/** The account of `npm run test:deploy`, which sets what is missing. Undefined where nothing says what to deploy to. */
export const account: Account | undefined = process.env['AWS_ENDPOINT_URL'] ? {
  endpoint: process.env['AWS_ENDPOINT_URL'],
  region: process.env['AWS_REGION'] as string,
  credentials: { accessKeyId: process.env['AWS_ACCESS_KEY_ID'] as string, secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] as string },
} : undefined;
