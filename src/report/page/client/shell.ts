/** What every page does: its appearance, and the buttons that copy a line of code. */
import { startTheme } from './theme.js';

export function startShell(): void {
  startTheme();
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.copy')) {
    button.addEventListener('click', () => copy(button));
  }
}

/** Pages opened as files may not be allowed to use the clipboard: then the code is selected. */
async function copy(button: HTMLButtonElement): Promise<void> {
  const code = button.previousElementSibling!;
  try {
    await navigator.clipboard.writeText(code.textContent!);
    button.textContent = 'Copied';
  } catch {
    getSelection()!.selectAllChildren(code);
    button.textContent = 'Selected';
  }
}
