@rem In the scripts of package.json `exec` makes the shell become the command, so that npm tells the command itself
@rem to stop. The shell of Windows has no such word: this is it there.
@%*
