/** Name and PIN, with keys on the screen for stations without a keyboard. */

export interface Identity {
  readonly user: string;
  readonly pin: string;
}

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const;
const PIN_MIN = 4;
const PIN_MAX = 6;

export function isComplete({ user, pin }: Identity): boolean {
  return user.trim() !== '' && pin.length >= PIN_MIN;
}

export function IdentityFields(input: {
  value: Identity;
  onChange: (value: Identity) => void;
  isDisabled?: boolean;
}) {
  const { value, onChange } = input;
  const setPin = (text: string) =>
    onChange({ ...value, pin: text.replace(/\D/g, '').slice(0, PIN_MAX) });
  return (
    <div class="identity">
      <label>
        Name
        <input
          name="user"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={64}
          disabled={input.isDisabled}
          value={value.user}
          onInput={(event) => onChange({ ...value, user: event.currentTarget.value })}
        />
      </label>
      <label>
        PIN, 4 to 6 digits
        <input
          name="pin"
          type="password"
          inputMode="numeric"
          autocomplete="off"
          disabled={input.isDisabled}
          value={value.pin}
          onInput={(event) => setPin(event.currentTarget.value)}
        />
      </label>
      <div class="pinpad">
        {DIGITS.map((digit) => (
          <button key={digit} type="button" onClick={() => setPin(value.pin + digit)}>
            {digit}
          </button>
        ))}
        <button class="two" type="button" onClick={() => setPin(value.pin.slice(0, -1))}>
          Delete
        </button>
      </div>
    </div>
  );
}
