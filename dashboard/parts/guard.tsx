/** A fault in one screen must not take the header and the alarm banner with it. */
import { Component, type ComponentChildren } from 'preact';

interface GuardInput {
  readonly name: string;
  readonly children: ComponentChildren;
}

export class Guard extends Component<GuardInput, { readonly hasFailed: boolean }> {
  override state: { readonly hasFailed: boolean } = { hasFailed: false };

  static override getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <main class="page failed">
        <section class="panel">
          <h2>
            <b>{this.props.name} cannot be shown</b>
          </h2>
          <p>Look at the patient and the pump directly, then load the page again.</p>
          <button type="button" onClick={() => location.reload()}>
            Load again
          </button>
        </section>
      </main>
    );
  }
}
