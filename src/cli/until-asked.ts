/** Ctrl-C and SIGTERM as something to wait for, so that ports and files are closed in order. */
export interface Asked {
  readonly promise: Promise<void>;
  isAsked(): boolean;
  /** Gives the signals their own meaning back. */
  forget(): void;
}

export function untilAsked(): Asked {
  let asked = false;
  const { promise, resolve } = Promise.withResolvers<void>();
  const onSignal = (): void => {
    asked = true;
    resolve();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    promise,
    isAsked: () => asked,
    forget: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}
