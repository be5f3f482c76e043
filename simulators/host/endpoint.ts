/** Where the gateway plugs in: a pseudo-terminal or a TCP listener. */
export interface Endpoint {
  /** What goes into the gateway's configuration: a path, or `tcp HOST:PORT`. */
  readonly path: string;
  /** Device to gateway; lost when nobody listens. */
  write(bytes: Uint8Array): void;
  /** Bytes that nobody took in time. */
  lostBytes(): number;
  /** Pulls the cable. */
  close(): Promise<void>;
}
