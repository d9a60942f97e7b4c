export function startEditing(_m: unknown): void {}
