/** What went wrong, as one sentence for people; `code` is for programs. */
export class Trouble extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Trouble';
    this.code = code;
  }
}
