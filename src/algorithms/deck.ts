import type { Random } from '../math/random.js';

/** Rows to draw competitors from, shuffled: all are drawn once before any is drawn again. */
export interface Deck {
  readonly cards: Int32Array;
  size: number;
  drawn: number;
}

/** An empty deck for up to `capacity` rows. */
export function createDeck(capacity: number): Deck {
  return { cards: new Int32Array(capacity), size: 0, drawn: 0 };
}

/**
 * The next of the rows `0 .. size - 1`; shuffles anew (Fisher-Yates) when all were drawn or their number has changed. Every
 * row so takes part in as many tournaments as any other, as in the program of the authors of NSGA-II.
 */
export function draw(deck: Deck, size: number, random: Random): number {
  const { cards } = deck;
  if (deck.size !== size || deck.drawn === size) {
    if (deck.size !== size) for (let i = 0; i < size; i++) cards[i] = i;
    for (let i = size - 1; i > 0; i--) {
      const j = random.integer(i + 1);
      const held = cards[i];
      cards[i] = cards[j];
      cards[j] = held;
    }
    deck.size = size;
    deck.drawn = 0;
  }
  return cards[deck.drawn++];
}
