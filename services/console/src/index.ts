/** What a browser sees: the state and the next steps, and the API's documentation. The console itself comes here. */
export { consoleService } from "./app.ts";
