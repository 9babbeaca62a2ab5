/** `arn:aws:lambda:us-east-1:123456789012:function:name`, with a version or an alias behind it or not. */
export type FunctionArn = {
  readonly region: string;
  readonly account: string;
  readonly name: string;
  readonly qualifier: string | undefined;
};

const ARN = /^arn:[\w-]+:lambda:([a-z0-9-]+):(\d{12}):function:([\w-]{1,64})(?::([\w$-]{1,128}))?$/;

export function parseFunctionArn(arn: string): FunctionArn | undefined {
  const match = ARN.exec(arn);
  if (match === null) return undefined;
  return { region: match[1]!, account: match[2]!, name: match[3]!, qualifier: match[4] };
}
