import { type BlobIndex, idBytes } from '@leeward/repository';
import type { RecipeFile } from '../checkpoint/recipe-file.ts';
import type { RecipeBatch } from '../checkpoint/recipe-record.ts';

/** Finished batches that are not in the recipe yet, because a block of theirs is not in a durable pack. */
export class CheckpointQueue {
  readonly #recipe: RecipeFile;
  readonly #index: BlobIndex;
  #waiting: RecipeBatch[] = [];

  constructor(recipe: RecipeFile, index: BlobIndex) {
    this.#recipe = recipe;
    this.#index = index;
  }

  add(batch: RecipeBatch): void {
    this.#waiting.push(batch);
  }

  /** Takes what is durable now; `append` it after the index was flushed, and not before. */
  takeDurable(): RecipeBatch[] {
    const durable: RecipeBatch[] = [];
    const waiting: RecipeBatch[] = [];
    for (const batch of this.#waiting) (this.#isDurable(batch) ? durable : waiting).push(batch);
    this.#waiting = waiting;
    return durable;
  }

  append(batches: readonly RecipeBatch[]): Promise<void> {
    return this.#recipe.append(batches);
  }

  #isDurable(batch: RecipeBatch): boolean {
    for (let at = 0; at < batch.ids.length; at += idBytes) {
      if (!this.#index.isStored('data', batch.ids, at)) return false;
    }
    return true;
  }
}
