/** A name as a folder or file name: letters, digits, dots, hyphens and underscores stay. */
export function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+|-+$/g, '') || 'run';
}
