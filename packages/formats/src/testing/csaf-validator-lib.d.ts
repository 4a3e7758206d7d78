/** It is written in JavaScript, without declarations. */
declare module "@secvisogram/csaf-validator-lib/*";
