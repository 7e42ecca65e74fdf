import { execFileSync } from 'node:child_process';

/** The version of a Python module, where it is installed. */
export function pythonModuleVersion(name: string): string | undefined {
  try {
    const code = `import ${name}; print(${name}.__version__)`;
    return execFileSync('python3', ['-c', code], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}
