/** What a process on this machine has counted so far, of each of these names over all labels. @throws Error when it does not tell */
export async function countsAt(port: number, ...names: string[]): Promise<number[]> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const text = await response.text();
  return names.map((name) => sumOf(text, name));
}

/** Over all labels: `name{outcome="ok",service="orders"} 12`. */
function sumOf(text: string, name: string): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) {
      sum += Number(line.slice(line.lastIndexOf(' ') + 1));
    }
  }
  return sum;
}
