/** Cuts chunks of any size into blocks of one size. */
export type Blocks = {
  add(chunk: Uint8Array): void;
  /** Hands out the shorter last block, when there is one. */
  end(): void;
};

/** `onBlock` gets views that hold only until it returns. */
export function createBlocks(blockBytes: number, onBlock: (block: Uint8Array) => void): Blocks {
  let gathered: Buffer | undefined;
  let length = 0;
  return {
    add(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (length === 0 && chunk.length - at >= blockBytes) {
          onBlock(chunk.subarray(at, at + blockBytes));
          at += blockBytes;
          continue;
        }
        gathered ??= Buffer.allocUnsafeSlow(blockBytes);
        const taken = Math.min(blockBytes - length, chunk.length - at);
        gathered.set(chunk.subarray(at, at + taken), length);
        length += taken;
        at += taken;
        if (length === blockBytes) {
          length = 0;
          onBlock(gathered);
        }
      }
    },
    end() {
      if (length > 0) onBlock(gathered!.subarray(0, length));
      length = 0;
    },
  };
}
