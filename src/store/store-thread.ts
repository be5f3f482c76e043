import type { FromStore, ToStore } from './store-messages.ts';

/** The way to the worker. Tests put something else in its place. */
export interface StoreThread {
  post(message: ToStore): void;
}

/** The part of the worker's messages that one of the two halves of the store listens to. */
export type Heard<K extends FromStore['kind']> = Extract<FromStore, { kind: K }>;
