// The shapes that screens have, and the size of a video in each.

export interface Shape {
  name: string;
  ratio: string;
  across: number;
  down: number;
}

export const SHAPES: readonly Shape[] = [
  { name: "Wide", ratio: "16:9", across: 16, down: 9 },
  { name: "Tall", ratio: "9:16", across: 9, down: 16 },
  { name: "Square", ratio: "1:1", across: 1, down: 1 },
];

const sidesOf = (size: string): [number, number] => {
  const [width = 1920, height = 1080] = size.split("x").map(Number);
  return [width, height];
};

/** "1080x1920" is of 9:16; a shape that is none of ours has none. */
export function shapeOfSize(size: string): Shape | undefined {
  const [width, height] = sidesOf(size);
  return SHAPES.find(({ across, down }) => Math.abs(width / height / (across / down) - 1) < 0.02);
}

/** As people call a size: its ratio, else its sides. */
export const ratioOf = (size: string): string => shapeOfSize(size)?.ratio ?? size.replace("x", " × ");

/** The size of that shape as sharp as the story's own: with the same shorter side. */
export function sizeIn({ across, down }: Shape, own: string): string {
  const shape = shapeOfSize(own);
  if (shape?.across === across && shape.down === down) return own;
  const short = Math.min(...sidesOf(own));
  const even = (side: number) => Math.round(side / 2) * 2;
  return across > down ? `${even((short * across) / down)}x${short}` : `${short}x${even((short * down) / across)}`;
}
