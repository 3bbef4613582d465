/** The report of a scaling study: entry of its code. Its figures are drawn already. */
import { startShell } from './shell.js';

startShell();
