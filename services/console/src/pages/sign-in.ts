import { layout } from "./layout.ts";

/** `/sign-in`: where one-time links lead. The token stands behind the `#`, which no browser sends. */
export function signInPage(): string {
  return layout(
    "Sign in · Suar",
    `<h1>Sign in</h1>
<p>The address of this page ends with a one-time token. It is good for fifteen minutes, for one sign-in, and stays on
your machine: browsers do not send what stands behind the <code>#</code>.</p>
<p>Copy the whole address, and give it to the command:</p>
<pre>npx suar login --link '…#…'</pre>
<p>You are signed in for twelve hours then. Whoever sent you the link makes another when this one is used or too old.</p>`,
  );
}
