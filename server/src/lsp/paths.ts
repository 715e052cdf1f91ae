/** What the editor's URIs name. */
import { URI } from 'vscode-uri';

/** The file that a URI names; null where it names none: another scheme, a path that no file can have, or no URI at all. */
export function fileOf(uri: string): string | null {
  if (typeof uri !== 'string' || !uri.startsWith('file:')) return null;
  try {
    const { fsPath } = URI.parse(uri);
    return fsPath.includes('\0') ? null : fsPath;
  } catch {
    return null;
  }
}
