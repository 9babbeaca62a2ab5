/** What the server says of a function. */
export type FunctionDescription = {
  readonly FunctionName: string;
  readonly FunctionArn: string;
  readonly CodeSha256: string;
  readonly MemoryMegabytes: number;
};
