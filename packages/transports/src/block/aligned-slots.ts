/** The part of the standard that is used here; the types of Node leave it out. */
declare const WebAssembly: {
  readonly Memory: new (pages: {
    readonly initial: number;
    readonly maximum: number;
  }) => {
    readonly buffer: ArrayBuffer;
  };
};

/** Pages of WebAssembly memory are the one memory of JavaScript that surely begins at a page of the machine. */
const wasmPageBytes = 65_536;

/** Buffers for direct reads, in memory that is aligned as the kernel wants it. More are never made. */
export class AlignedSlots {
  readonly slotBytes: number;
  readonly count: number;
  readonly #free: Uint8Array[];
  readonly #waiting: ((slot: Uint8Array) => void)[] = [];

  /** `slotBytes` is a multiple of 64 KiB. */
  constructor(count: number, slotBytes: number) {
    const initial = (count * slotBytes) / wasmPageBytes;
    const { buffer } = new WebAssembly.Memory({ initial, maximum: initial });
    this.count = count;
    this.slotBytes = slotBytes;
    this.#free = Array.from({ length: count }, (_, at) => new Uint8Array(buffer, at * slotBytes, slotBytes));
  }

  /** Waits for its turn; never long, since a slot is held for one read of the kernel. */
  async use<T>(work: (slot: Uint8Array) => Promise<T>): Promise<T> {
    const slot = this.#free.pop() ?? (await new Promise<Uint8Array>((take) => this.#waiting.push(take)));
    try {
      return await work(slot);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(slot);
      else this.#free.push(slot);
    }
  }
}
