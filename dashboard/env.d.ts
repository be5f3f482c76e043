/** Hash of the sources that this page was built from, set by the build. */
declare const __BUILD__: string;

declare module '*.css';
