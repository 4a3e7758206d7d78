// A container's health check: the image has no curl, and needs none.
// biome-ignore lint/style/noProcessEnv: the port is all that it has to know
const answer = await fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).catch(() => undefined);
process.exit(answer?.ok ? 0 : 1);
