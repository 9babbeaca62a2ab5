/** A configuration that Millrace does not carry out. It is refused when it is made, never ignored. `option` is AWS's name. */
export class UnsupportedConversion extends Error {
  override readonly name = 'UnsupportedConversion';
  readonly option: string;

  constructor(option: string, message: string) {
    super(message);
    this.option = option;
  }
}
