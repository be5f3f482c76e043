/** The gateway speaks another version of the contract: showing anything could be showing it wrong. */
export function ForeignScreen() {
  return (
    <main class="page failed">
      <section class="panel" role="alert">
        <h1>NOT LIVE: this page does not fit the gateway</h1>
        <p>
          Check each patient and pump directly. Then load this page again, it will fetch the right
          one.
        </p>
        <button class="big primary" type="button" onClick={() => location.reload()}>
          Load again
        </button>
      </section>
    </main>
  );
}
